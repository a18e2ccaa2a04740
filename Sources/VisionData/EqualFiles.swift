import VisionImage
import VisionSystem
import VisionTensor

/// Groups of images whose files have equal bytes.
///
/// Most files differ in size, or in their first or last bytes, and are not read further.
struct EqualFiles: Sendable {
  /// The images of each group of at least two, in the order of the list; groups are ordered by their first
  /// images.
  let groups: [[LabeledImage]]
  /// The index of the group, by path.
  private let numbers: [[UInt8]: Int]

  /// The number of bytes at the beginning and at the end that are compared first.
  private static let part = 4096

  init(_ images: [LabeledImage]) {
    var sizes: [Int: [Int]] = [:]
    for (index, image) in images.enumerated() {
      // An empty file is not an image.
      if let size = Self.size(image.path), size > 0 { sizes[size, default: []].append(index) }
    }
    var found: [[Int]] = []
    for (size, members) in sizes where members.count > 1 {
      for ends in Self.parted(members, by: { Self.ends(images[$0].path, size) }) {
        if size <= 2 * Self.part {
          found.append(ends)
        } else {
          found += Self.parted(ends) { Self.whole(images[$0].path) }
        }
      }
    }
    found.sort { $0[0] < $1[0] }
    groups = found.map { $0.map { images[$0] } }
    var numbers: [[UInt8]: Int] = [:]
    for (number, group) in groups.enumerated() {
      for image in group { numbers[Array(image.path.utf8)] = number }
    }
    self.numbers = numbers
  }

  /// The index of the group of an image; nil if the image is unique.
  func group(of image: LabeledImage) -> Int? {
    numbers.isEmpty ? nil : numbers[Array(image.path.utf8)]
  }

  /// Groups of at least two members with equal hashes, members in order; members without a hash are omitted.
  private static func parted(_ members: [Int], by hash: (Int) -> ContentHash?) -> [[Int]] {
    var groups: [ContentHash: [Int]] = [:]
    for member in members { if let hash = hash(member) { groups[hash, default: []].append(member) } }
    return groups.values.filter { $0.count > 1 }
  }

  private static func size(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// The hash of a file's first and last bytes, or of all bytes if it is small.
  private static func ends(_ path: String, _ size: Int) -> ContentHash? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let count = min(size, 2 * part)
    var bytes = [UInt8](repeating: 0, count: count)
    let first = min(part, size)
    let isRead = bytes.withUnsafeMutableBytes { bytes -> Bool in
      guard let base = bytes.baseAddress else { return false }
      return pread(descriptor, base, first, 0) == first
        && pread(descriptor, base + first, count - first, off_t(size - (count - first))) == count - first
    }
    return isRead ? ContentHash(of: bytes) : nil
  }

  private static func whole(_ path: String) -> ContentHash? {
    guard let file = try? FileBytes(path: path, limit: ImageOptions().maximumFileBytes) else { return nil }
    return ContentHash(of: file.bytes)
  }
}
