import VisionData
import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

/// The images below a folder, in a random order determined by a seed, with their classes where folder names
/// tell them, or with annotations of objects.
public struct QuantizationImages: Sendable {
  public struct Image: Sendable, Hashable {
    public let path: String
    /// The positions of the classes that match the folder's name; empty where none does.
    public let classes: [Int]
  }

  /// The images in random order.
  public let images: [Image]
  /// Whether every image lies in a folder whose name is a class of the model.
  public let isLabeled: Bool
  /// Files that cannot be used.
  public let skipped: [SkippedFile]
  /// Notes on what was left out, one sentence each.
  public let notes: [String]
  /// The objects in the images, for detectors; nil where there are no annotations.
  package let annotations: AnnotationSet?

  /// The Philox site of these random numbers, which no other use has.
  private static let site: UInt32 = 0xD000_0000

  /// Finds the images below a folder.
  ///
  /// - Parameter labels: the model's classes. They are compared with folder names by letters and digits only,
  ///   ignoring case.
  /// - Throws: `DatasetError` when there is no such folder, or no image in it.
  public init(_ folder: String, labels: [String], seed: UInt64) throws(DatasetError) {
    let (found, skipped, notes) = try ImageSearch.images(below: folder)
    guard !found.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images", place: folder, remedy: "give a folder of PNG or JPEG files")
    }
    var classes: [String: [Int]] = [:]
    for (index, label) in labels.enumerated() { classes[Self.plain(label), default: []].append(index) }
    images = Self.shuffled(
      found.map { item in
        let parent = item.relativePath.split(separator: "/").dropLast().last.map(String.init) ?? ""
        return Image(path: item.path, classes: classes[Self.plain(parent)] ?? [])
      }, seed)
    isLabeled = images.allSatisfy { !$0.classes.isEmpty }
    self.skipped = skipped
    self.notes = notes
    annotations = nil
  }

  /// The images of annotations.
  ///
  /// - Throws: `DatasetError` when there is no image.
  package init(_ annotations: AnnotationSet, seed: UInt64) throws(DatasetError) {
    let paths = annotations.images.compactMap(\.path)
    guard !paths.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images to the annotations", remedy: "give a folder of annotated images")
    }
    images = Self.shuffled(paths.map { Image(path: $0, classes: []) }, seed)
    (isLabeled, skipped, self.annotations) = (false, annotations.skipped, annotations)
    notes = annotations.notes.filter { $0.kind.isWarning }.map { "\($0)" }
  }

  private static func shuffled(_ images: [Image], _ seed: UInt64) -> [Image] {
    let generator = Philox(seed: seed)
    let keyed = images.enumerated().map { index, image -> (key: UInt64, image: Image) in
      let bits = generator.block(UInt32(truncatingIfNeeded: index), UInt32(index >> 32), 0, Self.site)
      return (UInt64(bits[0]) << 32 | UInt64(bits[1]), image)
    }
    // Equal keys stay in the order of the paths.
    return keyed.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
      .map(\.element.image)
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
