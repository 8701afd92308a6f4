echo 'Module                  Size  Used by'
cat /proc/modules
