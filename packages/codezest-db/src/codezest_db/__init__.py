"""The shared database of CodeZest: models, enums, identifiers, migrations, roles and a row loader."""
