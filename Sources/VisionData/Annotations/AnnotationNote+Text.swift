import VisionSystem

extension AnnotationNote: CustomStringConvertible {
  /// A sentence with the number and the first places.
  public var description: String {
    let shown = examples.map(NearestNames.printable).joined(separator: "; ")
    let more = examples.isEmpty ? "" : " (\(shown)\(count > examples.count ? "; …" : ""))"
    return sentence + more
  }

  private var name: String { "'\(NearestNames.printable(detail ?? ""))'" }

  private func many(_ one: String, _ several: String, _ rest: String) -> String {
    "\(count) \(count == 1 ? one : several)\(rest)"
  }

  /// What was noticed, without the places.
  var sentence: String {
    switch kind {
    case .missingImages, .unknownImages, .firstClassUnused, .severalParts, .severalClasses, .mixedRows:
      warning
    case .unlabeledImages, .repeatedImages, .storedFrame, .uprightFrame, .assumedFrame, .unlistedImages:
      aboutImages
    case .clipped: many("box reaches", "boxes reach", " beyond the image: clipped")
    case .outside: many("box lies", "boxes lie", " outside of the image: dropped")
    case .empty: many("box has", "boxes have", " no area: dropped")
    case .repeated: many("box is", "boxes are", " there twice with the same class: one is kept")
    case .rotated: many("box is", "boxes are", " rotated: the upright hull is the box")
    case .ellipses: many("shape is", "shapes are", " a circle or an ellipse: the hull is the box")
    case .shapes: many("shape", "shapes", " of the type \(name): not read, since only areas have boxes")
    case .keypoints: many("object has", "objects have", " key points: not read")
    case .parts: many("part", "parts", " of objects (such as heads and hands): not read")
    case .unreadFields: many("field", "fields", " \(name) of objects: not read")
    case .invalidOutlines:
      many("outline is", "outlines are", " no polygon or mask that fits: only the box is kept")
    case .unreadMasks: many("mask is", "masks are", " not read: only the box is kept")
    case .oneBased:
      many("file counts", "files count", " pixels from 1, as VOC does: boxes are moved by one pixel")
    case .rootCategory: "the category \(name) is the parent of the others and has no boxes: left out"
    case .otherFiles: many("other file is", "other files are", " not read")
    case .renamedImages:
      many("image gets", "images get", " another name, since two would share a file")
    default: loss
    }
  }

  private var warning: String {
    switch kind {
    case .missingImages: many("annotated image is", "annotated images are", " not found")
    case .unknownImages: many("annotation is", "annotations are", " of images that are not listed: dropped")
    case .firstClassUnused:
      "no box has the first class, \(name), but all others are used: ids may be off by one"
    case .severalParts: many("image is", "images are", " in several parts of the data: only the first counts")
    case .severalClasses: many("box is", "boxes are", " there with two classes: both are kept")
    default:
      many("file mixes", "files mix", " boxes and polygons: other programs may misread the boxes")
    }
  }

  private var aboutImages: String {
    switch kind {
    case .unlabeledImages: many("image has", "images have", " no annotations: left out")
    case .repeatedImages: many("image is", "images are", " annotated in several places: put together")
    case .storedFrame:
      many("image is", "images are", " turned by EXIF, with boxes in the stored pixels: boxes are turned too")
    case .uprightFrame: many("image is", "images are", " turned by EXIF, with boxes in the upright pixels")
    case .assumedFrame:
      many("image is", "images are", " turned by EXIF, and no size tells in which pixels the boxes are: ")
        + "\(detail ?? "upright") ones are assumed"
    default: many("image is", "images are", " in none of the lists of parts")
    }
  }

  private var loss: String {
    switch kind {
    case .lostCrowd: many("object", "objects", " marked as a crowd: the mark is lost")
    case .lostDifficult: many("object", "objects", " marked as difficult: the mark is lost")
    case .lostTruncated: many("object", "objects", " marked as truncated: the mark is lost")
    case .lostOccluded: many("object", "objects", " marked as occluded: the mark is lost")
    case .lostPolygons: many("polygon is", "polygons are", " lost: only the box is written")
    case .lostParts:
      many(
        "object", "objects",
        " of several polygons, or of one that differs from the box: only the box is written")
    case .lostMasks: many("mask is", "masks are", " lost: only the box is written")
    case .lostConfidences: many("confidence is", "confidences are", " lost")
    case .lostAreas: many("stated area is", "stated areas are", " lost")
    case .lostAttributes: many("attribute is", "attributes are", " lost")
    case .lostImages:
      many("image has", "images have", " no file, and the format states no sizes: left out")
    case .lostUnsplit:
      many("image belongs", "images belong", " to no part of the data: written for training")
    default: many("class", "classes", " without objects: the name is lost")
    }
  }
}
