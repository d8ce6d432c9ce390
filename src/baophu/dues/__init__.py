"""What each employer owes, has paid, owes still; late payment, evasion and their charges."""
