# With a hundred processors the counts of a line are long: their sum is enough.
[ -r /proc/interrupts ] || exit 1
awk '/vfio-/ {
  sum = 0
  for (at = 2; at <= NF && $at ~ /^[0-9]+$/; at++) sum += $at
  line = sprintf(" %s %.0f", $1, sum)
  for (; at <= NF; at++) line = line " " $at
  print line
}' /proc/interrupts
