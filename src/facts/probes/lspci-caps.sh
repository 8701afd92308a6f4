command -v lspci >/dev/null || exit 127
lspci -D -vvv | grep -E '^[0-9a-f]|FLReset|AFCap:|LnkSta:|ACSCap:|ACSCtl:|access denied'
