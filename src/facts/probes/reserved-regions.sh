[ -r /sys/kernel/iommu_groups ] || exit 1
set -- /sys/kernel/iommu_groups/*/reserved_regions
[ -e "$1" ] || exit 0
all=$(grep -H . "$@")
[ $? -lt 2 ] || exit 2
[ -z "$all" ] || printf '%s\n' "$all"
