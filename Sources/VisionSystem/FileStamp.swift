/// The size, identity and last change of a file, from the file system: files with equal stamps are taken to
/// be unchanged.
package struct FileStamp: Hashable {
  package let byteCount: Int
  package let inode: UInt64
  /// Nanoseconds from 1970 to the last change of contents, name or mode.
  package let changed: Int

  package init(byteCount: Int, inode: UInt64, changed: Int) {
    (self.byteCount, self.inode, self.changed) = (byteCount, inode, changed)
  }

  /// The stamp of the file at `path`; nil when there is none.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let time = status.changed
    byteCount = Int(status.st_size)
    inode = UInt64(status.st_ino)
    changed = Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }
}
