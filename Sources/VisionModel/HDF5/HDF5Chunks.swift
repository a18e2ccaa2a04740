import VisionSystem
import VisionTensor

/// A data set that is stored in chunks.
struct HDF5Chunks {
  private let shape: [Int]
  private let chunk: [Int]
  private let element: Int
  private let filters: HDF5Filters

  private struct Chunk {
    let place: [Int]
    let data: ByteRange
    let mask: Int
  }

  /// - Parameters:
  ///   - chunk: the extents of a chunk.
  ///   - element: the bytes of an element.
  init(_ shape: [Int], _ chunk: [Int], _ element: Int, _ filters: HDF5Filters) {
    (self.shape, self.chunk, self.element, self.filters) = (shape, chunk, element, filters)
  }

  /// All elements in order.
  ///
  /// - Throws: `FormatError`, before memory is taken, unless all chunks are there with as many bytes as compression can need at
  ///   least.
  func read(_ file: ByteRange, tree: Int) throws(FormatError) -> ByteRange {
    guard !chunk.isEmpty, chunk.allSatisfy({ $0 > 0 }), let size = byteCount(of: chunk),
      let whole = byteCount(of: shape)
    else { throw file.error(.corrupt, "chunks of \(Shape(chunk)) are impossible", at: tree) }
    let chunks = try list(file, tree, size)
    var failure: FormatError?
    let storage = TensorStorage(byteCount: whole) { target in
      for chunk in chunks {
        do throws(FormatError) {
          let bytes = try filters.decoded(chunk.data, skipping: chunk.mask, count: size, element: element)
          copy(bytes, chunk.place, to: target)
        } catch {
          failure = error
          return
        }
      }
    }
    if let failure { throw failure }
    return ByteRange(storage, file: file.file)
  }

  private func byteCount(of extents: [Int]) -> Int? {
    var size = element
    for extent in extents {
      let (next, overflow) = size.multipliedReportingOverflow(by: extent)
      if overflow || next > 1 << 40 { return nil }
      size = next
    }
    return size
  }

  private func list(_ file: ByteRange, _ tree: Int, _ size: Int) throws(FormatError) -> [Chunk] {
    var (chunks, places) = ([Chunk](), Set<[Int]>())
    // Chunks that shared their bytes could be any number of times as large as the file.
    var rest = file.count
    for leaf in try HDF5Tree.leaves(file, at: tree, .chunks(rank: shape.count)) {
      var cursor = HDF5Cursor(leaf.key)
      let (count, mask) = (try cursor.word(), try cursor.word())
      var place: [Int] = []
      for _ in shape { place.append(try cursor.length()) }
      guard let data = file.slice(leaf.address, count) else {
        throw file.error(.truncated, "a chunk lies beyond the end, at \(leaf.address)")
      }
      rest -= count
      // Deflate makes at most 1,032 bytes of one.
      guard zip(place, zip(shape, chunk)).allSatisfy({ $0 < $1.0 && $0 % $1.1 == 0 }),
        places.insert(place).inserted, filters.isPacked ? size / 1040 <= count : size <= count, rest >= 0
      else { throw data.error(.corrupt, "a chunk is none of its data set") }
      chunks.append(Chunk(place: place, data: data, mask: mask))
    }
    var expected = 1
    for (extent, side) in zip(shape, chunk) {
      let (next, overflow) = expected.multipliedReportingOverflow(
        by: extent / side + (extent % side > 0 ? 1 : 0))
      expected = overflow ? .max : next
    }
    guard chunks.count == expected else {
      throw file.error(.corrupt, "a data set has \(chunks.count) chunks, not \(expected)", at: tree)
    }
    return chunks
  }

  /// Copies the elements of a chunk that are in the data set, row by row.
  private func copy(_ bytes: ByteRange, _ place: [Int], to target: UnsafeMutableRawBufferPointer) {
    let last = shape.count - 1
    let columns = min(chunk[last], shape[last] - place[last])
    let rows = chunk.dropLast().reduce(1, *)
    bytes.withUnsafeBytes { source in
      for row in 0..<rows {
        // The row's place on all axes but the last, from the innermost on.
        var (rest, from, stride, isInside) = (row, place[last], shape[last], true)
        for axis in (0..<last).reversed() {
          let index = place[axis] + rest % chunk[axis]
          rest /= chunk[axis]
          isInside = isInside && index < shape[axis]
          from += index * stride
          stride *= shape[axis]
        }
        guard isInside else { continue }
        let count = columns * element
        let (start, end) = (row * chunk[last] * element, from * element)
        guard start + count <= source.count, end + count <= target.count else { continue }
        UnsafeMutableRawBufferPointer(rebasing: target[end..<end + count]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[start..<start + count]))
      }
    }
  }
}
