# Unpacks the Debian packages of a folder below /packages, without what only people read.
set -e
mkdir "$2"
for package in "/packages/$1"/*.deb; do
    dpkg-deb -x "$package" "$2"
done
rm -rf "$2/usr/share/doc" "$2/usr/share/man" "$2/usr/share/locale" "$2/usr/share/info"
