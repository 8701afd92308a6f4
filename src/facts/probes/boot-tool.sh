# Without that file the answer is known, and the program (which mounts every ESP) need not run.
if [ ! -e /etc/kernel/proxmox-boot-uuids ] && [ -x /etc/kernel ]; then
  echo 'E: /etc/kernel/proxmox-boot-uuids does not exist.'
  exit 2
fi
proxmox-boot-tool status 2>&1
