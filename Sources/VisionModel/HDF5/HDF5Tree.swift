import VisionSystem
import VisionTensor

/// B-trees of version 1.
enum HDF5Tree {
  /// What a tree finds.
  enum Kind: Equatable {
    /// Nodes of a group's members.
    case group
    /// Chunks of a data set of that many axes.
    case chunks(rank: Int)

    var code: Int { self == .group ? 0 : 1 }
    /// The bytes of a key: a place in a heap, or a size, a mask of filters and a chunk's place on each axis and in its element.
    var keyBytes: Int {
      switch self {
      case .group: 8
      case .chunks(let rank): 8 + 8 * (rank + 1)
      }
    }
  }

  struct Leaf {
    let key: ByteRange
    let address: Int
  }

  /// Limit for the leaves of a tree.
  private static let leafLimit = 1 << 20

  /// What the lowest nodes of a tree lead to, in order.
  static func leaves(_ file: ByteRange, at address: Int, _ kind: Kind) throws(FormatError) -> [Leaf] {
    var (result, seen) = ([Leaf](), Set<Int>())
    var stack: [(address: Int, level: Int?)] = [(address, nil)]
    while let (address, expected) = stack.popLast() {
      guard seen.insert(address).inserted, seen.count <= leafLimit,
        let rest = file.slice(address, file.count - min(address, file.count))
      else { throw file.error(.corrupt, "a tree's node lies where it cannot, at \(address)") }
      var cursor = HDF5Cursor(rest)
      try cursor.expect("TREE")
      let (code, level, count) = (try cursor.byte(), try cursor.byte(), try cursor.short())
      guard code == kind.code, level < HDF5Object.treeLevels, level == expected ?? level else {
        throw rest.error(.corrupt, "a tree's node is of another kind or level than its place says")
      }
      try cursor.skip(16)
      var children: [Leaf] = []
      for _ in 0..<count {
        let key = try cursor.part(kind.keyBytes)
        guard let child = try cursor.address() else {
          throw rest.error(.corrupt, "a tree's node leads nowhere", at: cursor.position)
        }
        children.append(Leaf(key: key, address: child))
      }
      if level == 0 {
        guard result.count + children.count <= leafLimit else {
          throw rest.error(.tooLarge, "a tree has more than \(leafLimit) leaves")
        }
        result += children
      } else {
        // The first child is taken next.
        stack += children.reversed().map { ($0.address, level - 1) }
      }
    }
    return result
  }
}
