"""Comments: what the steering committee and officers say of an area's figures and of findings."""
