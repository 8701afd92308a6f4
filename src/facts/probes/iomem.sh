[ -r /proc/iomem ] || exit 1
# The lines themselves, and the PCI devices in whose regions they lie.
awk '
{
  depth = match($0, /[^ ]/)
  while (top > 0 && at[top] >= depth) top--
  at[++top] = depth
  line[top] = $0
  said[top] = 0
  if ($0 ~ /BOOTFB|efifb|vesafb|simplefb|simpledrm|simple-framebuffer/) {
    for (i = 1; i <= top; i++) {
      if (!said[i] && (i == top || line[i] ~ /:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]\.[0-7]$/)) print line[i]
      said[i] = 1
    }
  }
}' /proc/iomem
