# Always the first line, to tell whether the log reaches back to the boot. A storm of one message is told 25 times.
# shellcheck disable=SC2016
pick='
NR == 1 && !/^-- / { print; next }
/DMAR|AMD-Vi|[Ii][Oo][Mm][Mm][Uu]|[Vv][Ff][Ii][Oo]|RMRR|x2apic|IRQ remapping|nterrupt remapping|Linux version|ommand line|ACPI: (DMAR|IVRS|Reserving (DMAR|IVRS))|PCIe ACS|BAR [0-9]|can.t (reserve|assign|claim)|no space for|failed to assign|power state|not ready [0-9]+ms|AER:|PCIe Bus Error|Data Link Layer|Link (Down|Up)|Hardware Error|fallen off|NVRM|nvidia|nouveau|amdgpu|radeon|i915|[ :]xe |kvmgt|vendor_reset|reset method|resetting|reset done|bus reset|FLR|D3cold|D3hot|MEMLOCK|ROM header|ROM image|SR-IOV|simpledrm|simple-framebuffer|efifb|vesafb|BOOTFB|sysfb|initcall|probe (of|with)|Firmware Bug|BIOS bug|SWIOTLB|software bounce|Unknown symbol|unknown parameter|disagrees about version|module verification|out-of-tree module|ecure.?[Bb]oot|ockdown|vgaarb|pci_irq_handler|nobody cared|denylist|efi: EFI|DMI: |header type|hunderbolt|error -[0-9]+|BUG:|lockup|blocked for more than|by (BIOS|bios)/ {
  kind = $0
  sub(/^\[[^]]*\] */, "", kind)
  gsub(/(addr |0x)(0x)?[0-9a-f]+|[0-9]+ms/, "", kind)
  if (++told[kind] <= 25) print
}
END { if (NR == 0) exit 3 }'
journalctl -q -k -b -o short-monotonic --no-pager | awk "$pick" || dmesg | awk "$pick"
