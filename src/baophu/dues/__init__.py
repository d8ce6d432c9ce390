"""What each employer owes, has paid, owes still; late payment, evasion and their charges."""

from baophu.dues.settling import Settled, settle

__all__ = ["Settled", "settle"]
