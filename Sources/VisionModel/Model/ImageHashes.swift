import VisionSystem
import VisionTensor

/// The hashes of a set of image files, for deciding whether a file belongs to the set.
///
/// For more than `limit` files, only the smallest hashes are kept. They are a random sample, and membership
/// is still certain for every file whose hash does not exceed the largest of them.
public struct ImageHashes: Sendable, Hashable {
  /// The maximum number of hashes kept: 2 MiB of text in a model file.
  public static let limit = 1 << 18

  /// The number of distinct files; an upper bound if sampled sets were joined.
  public let count: Int
  /// In ascending order without duplicates.
  let hashes: [ImageHash]

  public static let none = ImageHashes([])

  /// - Parameter hashes: the hashes of any number of files, in any order.
  public init(_ hashes: some Sequence<ImageHash>) { self.init(hashes, limit: Self.limit) }

  init(_ hashes: some Sequence<ImageHash>, limit: Int) {
    let all = Set(hashes).sorted()
    (count, self.hashes) = (all.count, Array(all.prefix(limit)))
  }

  private init(count: Int, sorted hashes: [ImageHash]) { (self.count, self.hashes) = (count, hashes) }

  public var isEmpty: Bool { count == 0 }

  /// Whether the hashes of all files are kept, not only a sample.
  public var isComplete: Bool { hashes.count == count }

  /// Whether a file belongs to the set; nil if the sample cannot decide.
  public func contains(_ hash: ImageHash) -> Bool? {
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    if low < hashes.count { return hashes[low] == hash }
    return isComplete ? false : nil
  }

  /// The union of both sets.
  public func union(_ other: ImageHashes) -> ImageHashes { union(other, limit: Self.limit) }

  func union(_ other: ImageHashes, limit: Int) -> ImageHashes {
    if isEmpty { return other }
    if other.isEmpty { return self }
    var all = Set(hashes).union(other.hashes).sorted()
    let total = isComplete && other.isComplete ? all.count : count + other.count
    // Above the largest hash of a sample, membership is unknown.
    for end in [self, other].compactMap({ $0.isComplete ? nil : $0.hashes.last }) {
      all = Array(all.prefix { $0 <= end })
    }
    return ImageHashes(count: total, sorted: Array(all.prefix(limit)))
  }

  /// `{"images":N,"hashes":"…"}`, with six bytes for each hash, in Base64.
  var json: String { "{\"images\":\(count),\"hashes\":\"\(Base64.text(bytes))\"}" }

  private var bytes: [UInt8] {
    hashes.flatMap { hash in
      (0..<ImageHash.byteCount).map {
        UInt8(truncatingIfNeeded: hash.value >> UInt64(8 * (ImageHash.byteCount - 1 - $0)))
      }
    }
  }

  /// Reads the form that `json` writes; nil for anything else.
  init?(_ json: JSONText) {
    guard let count = json["images"]?.integer, let text = json["hashes"]?.string,
      let bytes = Base64.bytes(text),
      bytes.count % ImageHash.byteCount == 0
    else { return nil }
    let hashes = stride(from: 0, to: bytes.count, by: ImageHash.byteCount).map { start in
      ImageHash(value: bytes[start..<start + ImageHash.byteCount].reduce(0) { $0 << 8 | UInt64($1) })
    }
    guard zip(hashes, hashes.dropFirst()).allSatisfy({ $0 < $1 }), hashes.count <= count,
      count == 0 || !hashes.isEmpty
    else { return nil }
    self.init(count: count, sorted: hashes)
  }
}
