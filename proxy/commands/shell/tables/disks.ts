/** Disks, volumes, file systems, backups. The form of the lines: `../table.ts`. */
export const DISKS = String.raw`
@ overwrite shell/volume risky Changes or shrinks a volume, at the cost of what is on it
lvreduce vgreduce vgsplit pvmove pvresize
lvresize : /\s(?:-L|--size)[\s=]?-|\s--resizefs\s+-L\s*-/
lvconvert : --merge
lvm : lvremove|vgremove|pvremove|lvreduce|vgreduce
pvcreate vgcreate : -f|--force|-ff|--yes|-y
pvcreate : /\s\/dev\//
zfs : rollback|unmount|inherit|unload-key|receive|recv /\s(?:rollback|recv|receive)\s.*-\w*[rRF]|\srollback\s/
zfs : destroy|umount
zpool : destroy|labelclear|remove|detach|offline|split
zpool : create -f
btrfs : device|dev delete|remove
btrfs : subvolume|subvol|sub|su|s delete|del|d
btrfs : check --repair
btrfs : filesystem|fi|fs resize /\s-\d|\s\d+[kmg]/i
btrfs : rescue|restore zero-log
btrfs-convert : !-l
mdadm : --stop|--zero-superblock|--remove|--fail|--set-faulty|-f|-r
mdadm : --create|-C
mdadm : --stop
dmsetup : remove|remove_all|wipe_table|suspend|clear
wipefs : -a|--all|-o|--offset !-n !--no-act
fsck fsck.ext4 fsck.ext3 fsck.ext2 e2fsck fsck.vfat fsck.fat : /\/dev\/|\s\/\s/ -y
xfs_repair : -L
resize2fs : /\/dev\/\S+\s+\d+[KMGTs]\s/
resize2fs : -M
ntfsresize : -s|--size
ntfsfix : -d
fatresize
tune2fs : /\s-O\s*\^|-f\s/
mount.cifs : /\s\/(?:etc|usr|bin)\b/
umount : -a|-l|-f /\s(?:-a|\/(?:home|var|boot|usr|mnt|srv|data)?\S*)\s/
fdisk gdisk cfdisk sgdisk parted gparted : /\s(?:-d|--delete|-o|--clear|-z|-Z|--zap\S*|-t|--typecode|-n|--new|rm|mklabel|mktable|mkpart|resizepart|name|set)\b/
sfdisk : --delete|--wipe|--force|--no-reread
partx : -d|--delete
addpart delpart resizepart
hdparm : --security-*|--yes-i-know-what-i-am-doing|--dco-*|--fwdownload|--trim-*|-N*
nvme : format|sanitize|delete-ns|detach-ns|reset|fw-download|fw-commit|subsystem-reset|write-zeroes|write-uncor|set-feature
sg_unmap sg_sanitize sg_wr_mode sg_write_same sg_dd sg_reset sg_start
sdparm : --command=stop|--command=eject|--set*
blkdiscard
blkzone : reset
ddrescue gddrescue dd_rescue : /\s\/dev\/\S+\s+\/dev\//
partclone.ext4 partclone.ntfs partclone.dd : -r|--restore|-b
partimage fsarchiver : restore|restfs|restdir
ntfsclone : --overwrite|-O|--restore-image|-r
cryptsetup : luksRemoveKey|luksKillSlot|luksChangeKey|luksAddKey|luksSuspend|luksHeaderRestore|reencrypt|erase|luksErase
veracrypt truecrypt : --create|-c /\/dev\//
diskutil : eraseDisk|eraseVolume|reformat|zeroDisk|randomDisk|secureErase|partitionDisk|eraseOptical
diskutil : apfs|ap|cs|coreStorage|appleRAID|ar delete*|erase*|resize*|destroy|unmount
hdiutil : erase*|burn|compact|resize
asr : restore|--erase
newfs_apfs newfs_hfs newfs_msdos newfs_exfat mkfs.ext4 : /\/dev\//
gpt : destroy|remove|create
bsdlabel disklabel : -w|-R|-e
gpart : destroy|delete
geli : init|kill|detach
zerofree nwipe dban scrub wipe dwipe hdderase
format : /\s[A-Za-z]:/
ostree : reset|prune
rpm-ostree : reset|rollback|cleanup|uninstall
vgexport
quotaoff

@ overwrite shell/format catastrophic Formats a device: everything on it is lost
newfs_apfs newfs_hfs newfs_msdos newfs_exfat mkdosfs mkntfs mkexfatfs mkudffs mkfs.f2fs : /\s\/dev\//

@ delete shell/trash risky Throws whole folders away
trash trash-put rmtrash gvfs-trash : /\s(?:~|\/|\.|\*|\$HOME|\.\.)\/?(?:[A-Za-z]+\/?)?\s/
gio : trash /\s(?:~|\/|\.|\*)\/?(?:[A-Za-z]+\/?)?\s/
gio : trash --empty
trash-empty empty-trash
bleachbit : -s|--shred|-w|--wipe-free-space
bleachbit : --wipe-empty-space
tmpreaper tmpwatch : /\s\/(?:home|etc|var|usr|opt|srv)?\b/
fdupes : -d|--delete -N|--noprompt
fdupes : -N
rdfind : -deleteduplicates
jdupes : -d -N
rmlint.sh : -d
detox : -r /\s\/(?:etc|usr|home)/

@ delete shell/delete-originals risky Deletes the originals of what it packs or copies
tar bsdtar gtar : --remove-files
zip : -m|--move !-h
7z 7za 7zz : -sdel
rar : -df|-dw|m
rsync : --remove-source-files /\s(?:~|\/(?:home|etc|srv|var|opt|Users))/

@ delete backup/delete risky Deletes backups or snapshots
restic rustic : ^forget|prune|key /forget\s.*(?:--prune|--keep-\w+[\s=]*[01]\s|\s[0-9a-f]{6,}|latest|all)|\sprune\s|key\s+(?:remove|passwd|add)/
borg borgmatic : ^delete|recreate|rdelete
borg borgmatic : prune /--keep-\w+[\s=]*[01]\s/
borg : key|config change-passphrase
duplicity : remove-*|cleanup|--force
duply : purge*|cleanup
kopia : delete|expire --delete|--all|--all-snapshots*
kopia : repository|snapshot|snap disconnect|delete|expire
rdiff-backup : --remove-older-than|remove
bup : prune-older|rm|gc
snapper : ^delete|rollback|undochange|delete-config|cleanup|remove|rm
snapper : delete|rollback|undochange
timeshift : --delete*
tmutil : delete*|disable|disablelocal|deletelocalsnapshots|thinlocalsnapshots|removedestination
proxmox-backup-client : forget|prune|unprotect
bconsole : /purge|delete|prune/
velero : backup|restore|schedule|backup-location delete
barman : delete
pgbackrest : stanza-delete|expire|stop
wal-g : delete
etcdutl : snapshot|defrag|restore
zfs-prune-snapshots sanoid.prune
vssadmin : delete|resize
wbadmin : delete
btrbk : clean|prune
tarsnap : -d|--nuke|--delete
attic : delete|prune
`;
