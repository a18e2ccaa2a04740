import VisionImage
import VisionSystem
import VisionTensor

/// An image file and its class.
public struct LabeledImage: Sendable, Hashable {
  /// The path of the file.
  public let path: String
  /// The path below the data's root, which determines the side of a split.
  public let relativePath: String
  /// The index of the class in the list of labels; with several labels, the first.
  public let label: Int
  /// The indices of all classes of the image, ascending; a single one unless the data has several labels per
  /// image.
  public let labels: [Int]

  public init(path: String, relativePath: String, label: Int) {
    self.path = path
    self.relativePath = relativePath
    self.label = label
    labels = [label]
  }

  /// An image with several classes.
  ///
  /// Precondition: there is at least one label.
  public init(path: String, relativePath: String, labels: [Int]) {
    precondition(!labels.isEmpty, "an image without a label")
    self.path = path
    self.relativePath = relativePath
    self.labels = Set(labels).sorted()
    label = self.labels[0]
  }

  /// Compares bytes: different spellings of characters that look the same are different files.
  public static func == (a: LabeledImage, b: LabeledImage) -> Bool {
    a.labels == b.labels && a.path.utf8.elementsEqual(b.path.utf8)
      && a.relativePath.utf8.elementsEqual(b.relativePath.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(labels)
  }
}
