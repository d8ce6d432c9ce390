"""Values and targets as files of other systems: DHIS2, ADX, SDMX-CSV, an open-data package."""
