# Finds a Java installation. One piece of code for ./deltaforge, ./mvnw and ./check; POSIX sh, to be sourced.
#
#   find_java MIN KIND NAME   MIN: lowest major version; KIND: jdk (with javac) or jre; NAME: who asks, for the error
#
# Sets java_home, java_major and java_version, or prints where it looked and what to install and returns 1.
# Order: JAVA_HOME, then java on the PATH, if new enough; else of all found the newest long-term release
# (21, 25, 29, ...), else the newest. Reads the JDKs' `release` files and starts no process for them: some milliseconds.

# The places where packages and version managers put their JDKs; unmatched patterns stay as they are.
jdk_places() {
    set -- "$@" \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
        /Library/Java/JavaVirtualMachines/*/Contents/Home
    if [ -n "${HOME:-}" ]; then
        set -- "$@" \
            "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
            "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
            "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/java/* \
            "${MISE_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/mise}"/installs/java/* \
            "${JENV_ROOT:-$HOME/.jenv}"/versions/* \
            "$HOME"/.jdks/*
    fi
    for jdk_place; do
        consider_java "$jdk_place"
    done
}

# Sets found_major and found_version of the installation in $1; fails if there is none.
java_release_in() {
    found_major=
    found_version=
    [ -x "$1/bin/java" ] || return 1
    if [ -r "$1/release" ]; then
        while IFS='=' read -r release_key release_value || [ -n "$release_key" ]; do
            release_value=${release_value#\"}
            release_value=${release_value%\"}
            case $release_key in
                JAVA_VERSION)
                    found_major=${release_value%%[!0-9]*}
                    found_version=${found_version:-$release_value}
                    ;;
                JAVA_RUNTIME_VERSION) found_version=$release_value ;;
            esac
        done <"$1/release"
    fi
    if [ -z "$found_major" ]; then
        found_version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
        found_major=${found_version%%[!0-9]*}
    fi
    [ -n "$found_major" ]
}

# Is the Java in $1 fit? If not, java_looked gets a line that says why. $2 is the place's name in that line.
java_fits() {
    if ! java_release_in "$1"; then
        java_looked="$java_looked
  $2: no bin/java in it"
    elif [ "$found_major" -lt "$wanted_major" ]; then
        java_looked="$java_looked
  $2: Java $found_major"
    elif [ "$wanted_kind" = jdk ] && [ ! -x "$1/bin/javac" ]; then
        java_looked="$java_looked
  $2: Java $found_major without javac"
    else
        return 0
    fi
    return 1
}

take_java() {
    java_home=$1
    java_major=$found_major
    java_version=$found_version
}

# Keeps the better of the best so far and the Java in $1: long-term releases first, then the newest.
consider_java() {
    [ -x "$1/bin/java" ] || return 0
    java_fits "$1" "$1" || return 0
    found_rank=$found_major
    [ $(((found_major - 21) % 4)) -ne 0 ] || found_rank=$((found_major + 1000))
    if [ "$found_rank" -gt "$best_rank" ]; then
        best_rank=$found_rank
        take_java "$1"
    fi
}

# Sets path_home to the installation behind the `java` on the PATH; a version manager's shim is asked.
java_on_path() {
    path_home=
    path_java=$(command -v java) || return 1
    path_home=$(readlink -f "$path_java" 2>/dev/null) || path_home=$path_java
    path_home=${path_home%/bin/java}
    if [ ! -r "$path_home/release" ]; then
        path_home=$("$path_java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    fi
    [ -n "$path_home" ]
}

find_java() {
    wanted_major=$1
    wanted_kind=$2
    java_home=
    java_major=
    java_version=
    java_looked=
    best_rank=0

    if [ -z "${JAVA_HOME:-}" ]; then
        java_looked="$java_looked
  JAVA_HOME: not set"
    elif java_fits "$JAVA_HOME" "JAVA_HOME=$JAVA_HOME"; then
        take_java "$JAVA_HOME"
        return 0
    fi
    if ! java_on_path; then
        java_looked="$java_looked
  java on the PATH: none"
    elif java_fits "$path_home" "java on the PATH, $path_home"; then
        take_java "$path_home"
        return 0
    fi
    jdk_places
    if [ -z "$java_home" ] && [ -x /usr/libexec/java_home ]; then
        registered_home=$(/usr/libexec/java_home -v "$wanted_major+" 2>/dev/null) && consider_java "$registered_home"
    fi
    [ -z "$java_home" ] || return 0

    what=Java
    [ "$wanted_kind" = jre ] || what='JDK (a Java with its compiler, javac)'
    cat >&2 <<END
$3: needs a $what, version $wanted_major or newer, and found none.
Looked at$java_looked
and in /usr/lib/jvm, /usr/lib64/jvm, /usr/java, /opt/java, /opt/jdk*, Homebrew, /Library/Java,
~/.sdkman, ~/.asdf, mise, ~/.jenv and ~/.jdks.
Install one, for example
  Debian, Ubuntu    sudo apt install openjdk-21-jdk-headless
  Fedora, Red Hat   sudo dnf install java-21-openjdk-devel
  macOS             brew install openjdk@21
  SDKMAN            sdk install java 21-tem
or point JAVA_HOME at one that is there.
END
    return 1
}

# The options that keep terminals free of the JVM's own warnings; jvm_quiet is for Java java_major.
quiet_options() {
    jvm_quiet=--enable-native-access=ALL-UNNAMED
    [ "$java_major" -lt 23 ] || jvm_quiet="$jvm_quiet --sun-misc-unsafe-memory-access=allow"
}
