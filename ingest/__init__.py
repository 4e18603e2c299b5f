"""From MQTT or HTTP to the table: admission, one transaction per batch, receipts."""
