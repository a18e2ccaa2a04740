import VisionData
import VisionNet

/// The headings of `doctor` for the kinds of findings.
enum FindingTitle {
  /// For example `Image outside class folders`, or `Images outside class folders (3)`.
  ///
  /// - Parameter severity: tells headings apart that a kind of findings would otherwise have several times.
  static func of(_ code: Finding.Code, _ severity: Finding.Severity? = nil, count: Int) -> String {
    var (one, many) = forms(code)
    if code == .annotations {
      switch severity {
      case .error: (one, many) = ("Annotations that cannot be used", "Annotations that cannot be used")
      case .warning: (one, many) = ("Annotations that may be wrong", "Annotations that may be wrong")
      case .note:
        (one, many) = ("Annotations that are read differently", "Annotations that are read differently")
      case nil: break
      }
    }
    return count == 1 ? one : "\(many) (\(count))"
  }

  /// The heading for one finding and for several.
  private static func forms(_ code: Finding.Code) -> (one: String, many: String) {
    switch code {
    case .cannotTrain: ("Cannot be trained on", "Cannot be trained on")
    case .undecodable: ("Unreadable image", "Unreadable images")
    case .fileName: ("File name that is not text", "File names that are not text")
    case .splitsAsClasses: ("Split folders treated as classes", "Split folders treated as classes")
    case .listedTwice: ("File listed more than once", "Files listed more than once")
    case .duplicateAcrossLabels: ("Equal files with different labels", "Equal files with different labels")
    case .duplicateAcrossSplits: ("Equal files in different splits", "Equal files in different splits")
    case .duplicate: ("Equal files", "Equal files")
    case .samePixelsAcrossLabels: ("Equal pixels with different labels", "Equal pixels with different labels")
    case .samePixelsAcrossSplits: ("Equal pixels in different splits", "Equal pixels in different splits")
    case .samePixels: ("Equal pixels", "Equal pixels")
    case .nearDuplicateAcrossLabels:
      ("Near duplicates with different labels", "Near duplicates with different labels")
    case .nearDuplicateAcrossSplits:
      ("Near duplicates in different splits", "Near duplicates in different splits")
    case .nearDuplicate: ("Near duplicates", "Near duplicates")
    case .wrongExtension: ("File name with the wrong ending", "File names with the wrong ending")
    case .cmyk: ("Image in CMYK", "Images in CMYK")
    case .tiny: ("Tiny image", "Tiny images")
    case .huge: ("Huge image", "Huge images")
    case .longSided: ("Very long or narrow image", "Very long or narrow images")
    case .imbalance: ("Classes of very different size", "Classes of very different size")
    case .fewImages: ("Class with few images", "Classes with few images")
    case .missingInSplit: ("Class missing in a split", "Classes missing in a split")
    case .annotations: ("Annotations", "Annotations")
    case .turned: ("Image turned against its boxes", "Images turned against their boxes")
    case .differentBoxes: ("Equal files with different boxes", "Equal files with different boxes")
    case .doubleBoxes: ("Object with two boxes", "Objects with two boxes")
    case .smallObjects: ("Small objects", "Small objects")
    case .fewObjects: ("Class with few objects", "Classes with few objects")
    case .emptyFolder: ("Folder without images", "Folders without images")
    case .unknownFolder: ("Folder that is no split", "Folders that are no splits")
    case .noClass: ("Image outside class folders", "Images outside class folders")
    case .hidden: ("Hidden file or folder", "Hidden files and folders")
    case .litter: ("File left by a system or storage box", "Files left by systems and storage boxes")
    case .oddFile: ("File that is not quite as it should be", "Files that are not quite as they should be")
    case .notAnImage: ("File that is no image", "Files that are no images")
    case .link: ("Link to a folder", "Links to folders")
    case .rotated: ("Image turned upright by its EXIF data", "Images turned upright by their EXIF data")
    case .brokenMetadata: ("Image with broken EXIF data", "Images with broken EXIF data")
    case .sixteenBit: ("Image with 16 bits a sample", "Images with 16 bits a sample")
    case .transparent: ("Image with transparency", "Images with transparency")
    case .animated: ("Animated image", "Animated images")
    case .palette: ("Image with a palette", "Images with a palette")
    case .grayAmongColor: ("Gray image among color images", "Gray images among color images")
    case .colorAmongGray: ("Color image among gray images", "Color images among gray images")
    case .ignored: ("Ignored", "Ignored")
    case .searchNarrowed: ("Search for near duplicates narrowed", "Search for near duplicates narrowed")
    }
  }
}
