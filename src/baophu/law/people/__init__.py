"""The law for one person or one case: each topic gives its figures as steps that explain themselves."""
