"""The GATT server of a simulated device: bumble's, with an ear that can be closed."""

from collections.abc import Callable

from bumble.att import ATT_Handle_Value_Confirmation, Bearer
from bumble.device import Device
from bumble.gatt_server import Server
from typing_extensions import override


class DeviceServer(Server):
    """Lets a fault happen in the instant between a gateway's confirmation and its being heard."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.instead_of_confirmation: Callable[[], None] | None = None
        """Called once, in place of taking the next confirmation."""

    @override
    def on_att_handle_value_confirmation(
        self, bearer: Bearer, confirmation: ATT_Handle_Value_Confirmation
    ) -> None:
        happening, self.instead_of_confirmation = self.instead_of_confirmation, None
        if happening is not None:
            happening()
        elif self.pending_confirmations[bearer] is not None:
            super().on_att_handle_value_confirmation(bearer, confirmation)
