/// The formats of files that say where objects are in images.
public enum AnnotationFormat: String, Sendable, Hashable, CaseIterable {
  /// `data.yaml`, and a text file an image with a line an object: class, center and size as parts of the sides.
  case yolo
  /// One JSON file with lists of images, categories and annotations.
  case coco
  /// An XML file an image, and lists of images in `ImageSets/Main`.
  case voc
  /// One XML file of images, version 1.1.
  case cvat
  /// A JSON file an image with a list of shapes.
  case labelme
  /// A JSON list of images with boxes by center and size in pixels.
  case createml
  /// A table with a line a box.
  case csv

  /// The name for people.
  public var title: String {
    switch self {
    case .yolo: "YOLO"
    case .coco: "COCO"
    case .voc: "Pascal VOC"
    case .cvat: "CVAT"
    case .labelme: "LabelMe"
    case .createml: "Create ML"
    case .csv: "CSV"
    }
  }
}
