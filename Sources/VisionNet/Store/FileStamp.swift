import VisionTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the file system says of a file without reading it.
struct FileStamp: Hashable {
  let byteCount: Int
  let inode: UInt64
  /// Nanoseconds from 1970 to the last change of contents, name or mode.
  let changed: Int

  init(byteCount: Int, inode: UInt64, changed: Int) {
    (self.byteCount, self.inode, self.changed) = (byteCount, inode, changed)
  }

  /// Of the file at `path`; nil when there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_ctimespec
    #else
      let time = status.st_ctim
    #endif
    byteCount = Int(status.st_size)
    inode = UInt64(status.st_ino)
    changed = Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }
}
