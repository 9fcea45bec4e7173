"""The Hub's configuration: everything is in greenroom_hub, made from the settings in the environment."""

from greenroom_hub.config import configure
from greenroom_hub.settings import HubSettings

configure(get_config(), HubSettings.from_environment())  # noqa: F821 (JupyterHub gives it)
