/// Lays out buffers in one arena so that buffers alive at the same time do not overlap.
///
/// Greedy by size: the largest buffer first, each at the lowest offset that is free for its whole life.
/// Source: Pisarchyk and Lee, "Efficient memory management for deep neural net inference", MLSys 2020.
struct MemoryPlanner {
  /// A buffer with the steps between which it is alive, both included.
  struct Buffer {
    var byteCount: Int
    var firstStep: Int
    var lastStep: Int
  }

  /// The offset of each buffer and the size of the arena, in bytes.
  static func layout(_ buffers: [Buffer], alignment: Int = 64) -> (offsets: [Int], byteCount: Int) {
    var offsets = [Int](repeating: 0, count: buffers.count)
    var total = 0
    var placed: [(start: Int, end: Int, buffer: Int)] = []
    let order = buffers.indices.sorted {
      (buffers[$1].byteCount, $0) < (buffers[$0].byteCount, $1)
    }
    for index in order where buffers[index].byteCount > 0 {
      let buffer = buffers[index]
      let size = (buffer.byteCount + alignment - 1) / alignment * alignment
      var offset = 0
      for other in placed {
        let overlaps =
          buffers[other.buffer].firstStep <= buffer.lastStep
          && buffer.firstStep <= buffers[other.buffer].lastStep
        guard overlaps else { continue }
        if offset + size <= other.start { break }
        offset = max(offset, other.end)
      }
      offsets[index] = offset
      total = max(total, offset + size)
      let position = placed.firstIndex { $0.start > offset } ?? placed.count
      placed.insert((offset, offset + size, index), at: position)
    }
    return (offsets, total)
  }
}
