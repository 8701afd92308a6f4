[ -r /proc/modules ] || exit 1
echo 'Module                  Size  Used by'
cat /proc/modules
