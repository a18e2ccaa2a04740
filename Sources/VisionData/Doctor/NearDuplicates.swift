import VisionCompute
import VisionSystem
import VisionTensor

/// Pairs of images that look alike, found among many.
///
/// Hashes that differ in at most 16 of 64 bits make a pair of candidates, which a comparison of the sketches
/// confirms. Each hash is compared with every other one: at so large a distance neither tables of partial
/// hashes nor trees save work, and 50 million comparisons, for 10,000 images, take a fraction of a second.
/// The slow part, the comparison of sketches, is limited to a number of pairs proportional to the number of
/// images.
struct NearDuplicates {
  /// Indices into the list of sketches, the smaller one first; the pairs are sorted.
  let pairs: [(Int, Int)]
  /// The largest distance of the candidates in bits; nil when each image was only compared with the previous
  /// one of the same hash.
  let limit: Int?

  static let widest = 16
  private static let block = 64

  /// - Parameter budget: the maximum number of candidates to compare; if there are more, only those with the
  ///   most similar hashes are compared.
  init(_ sketches: [ImageSketch], executor: Executor, budget: Int? = nil) {
    // Images of almost one color look alike without being duplicates.
    let usable = sketches.indices.filter { sketches[$0].contrast >= 3 }
    let hashes = usable.map { sketches[$0].hash }
    let budget = budget ?? 10_000 + 8 * hashes.count
    var counts = [Int](repeating: 0, count: Self.widest + 1)
    for row in Self.distances(hashes, executor) {
      for (bits, count) in row.enumerated() { counts[bits] += count }
    }
    var total = 0
    limit = counts.indices.last { bits in counts[...bits].reduce(0, +) <= budget }
    total = limit.map { counts[...$0].reduce(0, +) } ?? 0
    var candidates: [(Int, Int)] = []
    candidates.reserveCapacity(total)
    if let limit {
      candidates = Self.candidates(hashes, limit, executor)
    } else {
      var last: [UInt64: Int] = [:]
      for (index, hash) in hashes.enumerated() {
        if let before = last.updateValue(index, forKey: hash) { candidates.append((before, index)) }
      }
    }
    candidates = candidates.map { (usable[$0.0], usable[$0.1]) }
    var isAlike = [Bool](repeating: false, count: candidates.count)
    isAlike.withUnsafeMutableBufferPointer { [candidates] buffer in
      // Each call writes only the element of its own pair.
      nonisolated(unsafe) let isAlike = buffer
      executor.forEach(count: candidates.count) { index, _ in
        isAlike[index] = Self.isAlike(sketches[candidates[index].0], sketches[candidates[index].1])
      }
    }
    pairs = zip(candidates, isAlike).filter(\.1).map(\.0).sorted { $0 < $1 }
  }

  /// For each block of rows, the number of pairs at each distance of 0...16 bits.
  private static func distances(_ hashes: [UInt64], _ executor: Executor) -> [[Int]] {
    perBlock(hashes, executor) { hashes, rows in
      var counts = [Int](repeating: 0, count: widest + 1)
      counts.withUnsafeMutableBufferPointer { counts in
        for row in rows {
          let hash = hashes[row]
          for other in 0..<row {
            let bits = (hashes[other] ^ hash).nonzeroBitCount
            if bits <= widest { counts[bits] += 1 }
          }
        }
      }
      return counts
    }
  }

  private static func candidates(_ hashes: [UInt64], _ limit: Int, _ executor: Executor) -> [(Int, Int)] {
    perBlock(hashes, executor) { hashes, rows in
      var result: [(Int, Int)] = []
      for row in rows {
        let hash = hashes[row]
        for other in 0..<row where (hashes[other] ^ hash).nonzeroBitCount <= limit {
          result.append((other, row))
        }
      }
      return result
    }.flatMap { $0 }
  }

  private static func perBlock<Part>(
    _ hashes: [UInt64], _ executor: Executor,
    _ body: @Sendable (UnsafeBufferPointer<UInt64>, Range<Int>) -> [Part]
  ) -> [[Part]] {
    let blocks = (hashes.count + block - 1) / block
    var parts = [[Part]](repeating: [], count: blocks)
    parts.withUnsafeMutableBufferPointer { buffer in
      hashes.withUnsafeBufferPointer { numbers in
        // Each call writes only the element of its own block; the hashes are only read.
        nonisolated(unsafe) let (parts, hashes) = (buffer, numbers)
        executor.forEach(count: blocks) { index, _ in
          parts[index] = body(hashes, index * block..<min((index + 1) * block, hashes.count))
        }
      }
    }
    return parts
  }

  /// Whether two sketches show the same image.
  static func isAlike(_ a: ImageSketch, _ b: ImageSketch) -> Bool {
    guard hasSameColors(a, b) else { return false }
    // Small images, and objects on an empty background, such as digits, resemble others of their kind, so
    // only exactly aligned images count as duplicates.
    let isPlain = max(a.flatness, b.flatness) > 0.6 || min(a.shorterSide, b.shorterSide) < 64
    let alignment = SketchAlignment(a, b, isFixed: isPlain)
    return isPlain
      ? alignment.similarity >= 0.99 && alignment.detail >= 0.97
      : alignment.similarity >= 0.94 && alignment.detail >= 0.87
  }

  /// Whether the colors agree, if both images have any.
  private static func hasSameColors(_ a: ImageSketch, _ b: ImageSketch) -> Bool {
    func size(_ values: [Int]) -> Double {
      (Double(values.reduce(0) { $0 + $1 * $1 }) / Double(max(values.count, 1))).squareRoot()
    }
    let (first, second) = (a.chroma.map(Int.init), b.chroma.map(Int.init))
    let (sizeA, sizeB) = (size(first), size(second))
    if min(sizeA, sizeB) < 3 { return true }
    return size(zip(first, second).map { $0 - $1 }) <= max(6, 0.4 * max(sizeA, sizeB))
  }
}
