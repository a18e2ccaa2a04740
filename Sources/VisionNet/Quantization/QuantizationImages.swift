import VisionData
import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

/// The images below a folder, in an order that follows from a seed, with their classes where the folders tell them.
public struct QuantizationImages: Sendable {
  public struct Image: Sendable, Hashable {
    public let path: String
    /// Positions of the classes that the folder's name can mean; empty where it means none.
    public let classes: [Int]
  }

  /// In the order of the seed.
  public let images: [Image]
  /// Whether every image lies in a folder whose name is a class of the model.
  public let isLabeled: Bool
  /// Files that cannot be used.
  public let skipped: [SkippedFile]
  /// What was left out, a sentence each.
  public let notes: [String]

  /// Random numbers of this are at sites of their own.
  private static let site: UInt32 = 0xD000_0000

  /// Looks through a folder.
  ///
  /// - Parameter labels: the model's classes; case and all but letters and digits do not count.
  /// - Throws: `DatasetError` when there is no such folder, or no image in it.
  public init(_ folder: String, labels: [String], seed: UInt64) throws(DatasetError) {
    let (found, skipped, notes) = try ImageSearch.images(below: folder)
    guard !found.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images", place: folder, remedy: "give a folder of PNG or JPEG files")
    }
    var classes: [String: [Int]] = [:]
    for (index, label) in labels.enumerated() { classes[Self.plain(label), default: []].append(index) }
    let generator = Philox(seed: seed)
    let keyed = found.enumerated().map { index, item -> (key: UInt64, image: Image) in
      let bits = generator.block(UInt32(truncatingIfNeeded: index), UInt32(index >> 32), 0, Self.site)
      let parent = item.relativePath.split(separator: "/").dropLast().last.map(String.init) ?? ""
      return (
        UInt64(bits[0]) << 32 | UInt64(bits[1]),
        Image(path: item.path, classes: classes[Self.plain(parent)] ?? [])
      )
    }
    // Equal keys stay in the order of the paths.
    images = keyed.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
      .map(\.element.image)
    isLabeled = images.allSatisfy { !$0.classes.isEmpty }
    self.skipped = skipped
    self.notes = notes
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
