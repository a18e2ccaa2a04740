#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The pages that memory consists of.
package enum MemoryPages {
  /// Asks for all pages of new memory at once, which takes half of what asking for each at its first use takes.
  ///
  /// Only worth it for memory that is going to be written as a whole; where the system cannot do it nothing happens.
  ///
  /// - Parameter prefersLarge: whether large pages are asked for, of which the system has to find whole ones first.
  package static func populate(
    _ memory: UnsafeMutableRawPointer, byteCount: Int, prefersLarge: Bool = false
  ) {
    #if os(Linux)
      // MADV_POPULATE_WRITE, of Linux 5.14, and MADV_HUGEPAGE.
      let advice: CInt = 23, large: CInt = 14, page = 4096
      let start = (Int(bitPattern: memory) + page - 1) / page * page
      let end = (Int(bitPattern: memory) + byteCount) / page * page
      guard end - start >= 32 * page else { return }
      if prefersLarge { _ = madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, large) }
      // An error means an older system.
      _ = madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, advice)
    #endif
  }
}
