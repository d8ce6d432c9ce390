"""Demo accounts: one for every role, for trying the site with a generated country on this machine alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from baophu.areas.units import COUNTRY, tree
from baophu.core.languages import Language, Text
from baophu.web.accounts import actions
from baophu.web.accounts.models import User
from baophu.web.accounts.rights import Role

PASSWORD = "baophu-demo"  # noqa: S105 (known to everybody on purpose; such accounts are served on loopback only)


@dataclass(frozen=True, slots=True)
class Demo:
    """An account: who he is, and where."""

    username: str
    name: Text
    role: Role
    area_code: str = COUNTRY
    sensitive: bool = False


def demo_accounts(province: str, commune: str) -> list[Demo]:
    """Return an account for every role, of the country, a province and a commune."""
    known = tree()
    here, below = known.get(province).label, known.get(commune).label
    return [
        Demo("trung-uong", Text("Cán bộ trung ương", "National officer"), Role.NATIONAL, sensitive=True),
        Demo("tinh", Text(f"Cán bộ tỉnh ({here.vi})", f"Provincial officer ({here.en})"), Role.PROVINCIAL, province),
        Demo("co-so", Text(f"Cán bộ cơ sở ({below.vi})", f"Commune officer ({below.en})"), Role.COMMUNE, commune),
        Demo("lanh-dao", Text(f"Lãnh đạo tỉnh ({here.vi})", f"Manager ({here.en})"), Role.MANAGER, province),
        Demo("lanh-dao-tw", Text("Lãnh đạo trung ương", "Manager of the country"), Role.MANAGER),
        Demo("ban-chi-dao", Text("Ban chỉ đạo", "Steering committee"), Role.COMMITTEE),
        Demo("bo-nganh", Text("Cơ quan bộ theo dõi", "Ministry reader"), Role.MINISTRY),
        Demo("kiem-toan", Text("Kiểm toán nội bộ", "Auditor"), Role.AUDITOR),
        Demo("quan-tri", Text("Quản trị hệ thống", "Administrator"), Role.ADMINISTRATOR),
    ]


@transaction.atomic
def make_demo_accounts(province: str, commune: str, lang: Language) -> list[Demo]:
    """Make the accounts that are not there yet; return all of them."""
    accounts = demo_accounts(province, commune)
    for one in accounts:
        if User.objects.filter(username=one.username).exists():
            continue
        user = actions.create_user(
            actor="baophu serve",
            username=one.username,
            full_name=one.name.say(lang),
            password=PASSWORD,
            language=lang,
            demo=True,
        )
        actions.grant(actor="baophu serve", user=user, role=one.role, area_code=one.area_code, sensitive=one.sensitive)
    return accounts


@transaction.atomic
def remove_demo_accounts(actor: str) -> int:
    """Close the demo accounts; what was done with them stays on record. Return how many there were."""
    found = list(User.objects.filter(is_demo=True, is_active=True))
    for user in found:
        actions.deactivate(actor=actor, user=user)
    return len(found)
