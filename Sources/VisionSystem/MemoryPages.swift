/// Memory in large pages where possible.
package enum MemoryPages {
  /// The size in bytes from which memory is requested in large pages, and the alignment of such memory.
  package static let largeBytes = 2 << 20
  /// The alignment of smaller memory, in bytes: the longest vector of any instruction set, and a cache line.
  package static let alignment = 64

  /// Allocates memory that will be written as a whole, with all its pages present. Free it with `deallocate`.
  ///
  /// Large memory uses large pages where the system has them, so that the processor needs fewer address
  /// translations (TLB entries) while it reads weights and pixels.
  package static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    let isLarge = byteCount >= largeBytes
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: isLarge ? largeBytes : alignment)
    populate(memory, byteCount: byteCount)
    return memory
  }

  /// Allocates memory whose pages, large where possible, are created at their first use. Free it with
  /// `deallocate`.
  package static func reserve(byteCount: Int) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: largeBytes)
    preferLargePages(memory, byteCount: byteCount)
    return memory
  }

  /// Requests all pages of new memory at once, which takes half the time of creating each at its first use.
  ///
  /// This is useful only for memory that will be written as a whole. Does nothing if the system does not
  /// support it.
  package static func populate(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    #if os(Linux)
      // MADV_POPULATE_WRITE, since Linux 5.14; older systems return an error.
      let advice: CInt = 23, page = 4096
      let start = (Int(bitPattern: memory) + page - 1) / page * page
      let end = (Int(bitPattern: memory) + byteCount) / page * page
      guard end - start >= 32 * page, let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
      if byteCount >= largeBytes { preferLargePages(first, byteCount: end - start) }
      _ = madvise(first, end - start, advice)
    #endif
  }

  /// `memory` must begin at a page. Does nothing where the system has no large pages.
  private static func preferLargePages(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    #if os(Linux)
      // MADV_HUGEPAGE.
      _ = madvise(memory, byteCount, 14)
    #endif
  }
}
