/// The pages that memory consists of.
package enum MemoryPages {
  /// From this many bytes on large pages are worth looking for. It is also what they are aligned to.
  package static let largeBytes = 2 << 20
  /// What smaller memory is aligned to: the longest vector of any instruction set, and a line of the caches.
  package static let alignment = 64

  /// New memory that is going to be written as a whole, all of whose pages are there; to be freed by `deallocate`.
  ///
  /// Large memory comes in large pages where the system has them: the processor then remembers where all of it is, and
  /// need not look it up page by page while weights and pixels pass by.
  package static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    let isLarge = byteCount >= largeBytes
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: isLarge ? largeBytes : alignment)
    populate(memory, byteCount: byteCount)
    return memory
  }

  /// New memory whose pages come, as large ones, when they are first used; to be freed by `deallocate`.
  package static func reserve(byteCount: Int) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: largeBytes)
    preferLargePages(memory, byteCount: byteCount)
    return memory
  }

  /// Asks for all pages of new memory at once, which takes half of what asking for each at its first use takes.
  ///
  /// Only worth it for memory that is going to be written as a whole; where the system cannot do it nothing happens.
  package static func populate(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    #if os(Linux)
      // MADV_POPULATE_WRITE, of Linux 5.14; an error means an older system.
      let advice: CInt = 23, page = 4096
      let start = (Int(bitPattern: memory) + page - 1) / page * page
      let end = (Int(bitPattern: memory) + byteCount) / page * page
      guard end - start >= 32 * page, let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
      if byteCount >= largeBytes { preferLargePages(first, byteCount: end - start) }
      _ = madvise(first, end - start, advice)
    #endif
  }

  /// For whole pages; without large ones it changes nothing.
  private static func preferLargePages(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    #if os(Linux)
      // MADV_HUGEPAGE.
      _ = madvise(memory, byteCount, 14)
    #endif
  }
}
