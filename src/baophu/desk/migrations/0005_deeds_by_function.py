from django.db import migrations, models

import baophu.desk.models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0004_match_decisions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditrecord",
            name="action",
            field=models.CharField(choices=baophu.desk.models.audit_actions, max_length=40, verbose_name="việc"),
        ),
    ]
