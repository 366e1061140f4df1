# Runs one server and outlives it; the server never outlives whoever holds the other end of standard input.
# Arguments: the file for the server's process id, the signal for an orphaned server, then the server's command.
# Standard input carries one signal name a line; its end means that the parent is gone, however it went.
pid_file=$1
orphan_signal=$2
shift 2
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
echo "$server" >"$pid_file.new" && mv "$pid_file.new" "$pid_file"
{
    while read -r signal <&3; do
        kill -s "$signal" "$server"
    done
    kill -s "$orphan_signal" "$server"
} 2>/dev/null &
listener=$!
exec 3<&-
trap 'kill -s "$orphan_signal" "$server"' TERM INT HUP
wait "$server"
status=$?
while kill -0 "$server" 2>/dev/null; do
    wait "$server"
    status=$?
done
kill "$listener" 2>/dev/null
wait "$listener" 2>/dev/null
exit "$status"
