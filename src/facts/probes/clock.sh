echo "system: $(date +%s)"
rtc=/sys/class/rtc/rtc0
if [ -r "$rtc/date" ] && read -r day <"$rtc/date" && read -r time <"$rtc/time"; then
  echo "rtc: $day $time"
fi
utc=yes
if [ -e /etc/adjtime ]; then
  case $(sed -n 3p /etc/adjtime) in
    LOCAL*) utc=no ;;
    UTC* | '') ;;
    *) utc=unknown ;;
  esac
fi
echo "rtc-utc: $utc"
