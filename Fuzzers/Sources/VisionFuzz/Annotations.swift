@testable import VisionData

/// Files of annotations from bytes, each read as a set beside two images and written again.
enum Annotations {
  /// A folder with two images, one of them turned by nothing, made once for each target.
  private static let root: String = {
    let root = "\(Sandbox.inside)/annotated"
    for folder in ["", "/images", "/labels", "/Annotations", "/ImageSets", "/ImageSets/Main"] {
      mkdir(root + folder, 0o755)
    }
    for name in ["images/a.png", "images/b.png"] {
      require(Sandbox.replace("\(root)/\(name)", Folders.image))
    }
    return root
  }()

  static func yolo(_ bytes: UnsafeRawBufferPointer) {
    // The first line, if it is one of labels, goes into a file of labels; the rest is the configuration.
    let input = Array(bytes)
    let cut = input.firstIndex(of: 0x7c) ?? input.count
    let names = cut < input.count ? Array(input[..<cut]) : Array("names: [x, y]\n".utf8)
    let rows = cut < input.count ? Array(input[(cut + 1)...]) : input
    guard Sandbox.replace("\(root)/labels/a.txt", rows) else { return }
    check("data.yaml", names)
  }

  static func coco(_ bytes: UnsafeRawBufferPointer) { check("coco.json", Array(bytes)) }
  static func voc(_ bytes: UnsafeRawBufferPointer) { check("Annotations/a.xml", Array(bytes)) }
  static func cvat(_ bytes: UnsafeRawBufferPointer) { check("cvat.xml", Array(bytes)) }
  static func labelme(_ bytes: UnsafeRawBufferPointer) { check("images/a.json", Array(bytes)) }
  static func createml(_ bytes: UnsafeRawBufferPointer) { check("boxes.json", Array(bytes)) }
  static func boxes(_ bytes: UnsafeRawBufferPointer) { check("boxes.csv", Array(bytes)) }

  static func xml(_ bytes: UnsafeRawBufferPointer) {
    guard var xml = try? XMLReader(Array(bytes), place: "fuzz") else { return }
    var depth = 0
    while let event = try? xml.next() {
      switch event {
      case .start(_, let attributes):
        depth += 1
        require(depth <= XMLReader.maximumDepth && attributes.count <= XMLReader.maximumAttributes)
      case .end: depth -= 1
      case .text(let text): require(depth > 0 && !text.utf8.contains(0))
      }
      require(depth >= 0 && xml.line > 0)
    }
  }

  private static func check(_ name: String, _ bytes: [UInt8]) {
    let path = "\(root)/\(name)"
    guard Sandbox.replace(path, bytes) else { return }
    for frame in [AnnotationFrame.automatic, .stored] {
      guard let set = try? AnnotationSet(path, options: AnnotationOptions(frame: frame), threads: 1) else {
        continue
      }
      check(set)
      // Whatever was read can be written in every format.
      for format in AnnotationFormat.allCases {
        let export = AnnotationExport(set, as: format)
        require(Set(export.files.map { Array($0.path.utf8) }).count == export.files.count, "each file once")
      }
    }
  }

  private static func check(_ set: AnnotationSet) {
    require(!set.images.isEmpty, "a set has images")
    require(Set(set.classes).count == set.classes.count && set.classes.allSatisfy { !$0.isEmpty })
    for image in set.images {
      require(image.width > 0 && image.height > 0)
      for object in image.objects {
        let box = object.box
        require(set.classes.indices.contains(object.label))
        require(box.width > 0 && box.height > 0 && box.x >= 0 && box.y >= 0)
        require(
          box.right <= Double(image.width) * (1 + 1e-9) && box.bottom <= Double(image.height) * (1 + 1e-9))
        require(object.confidence.map { (0...1).contains($0) } ?? true)
        if case .polygons(let parts)? = object.outline { require(parts.allSatisfy { $0.count >= 3 }) }
      }
    }
    for note in set.notes { require(note.count > 0 && !note.description.isEmpty) }
  }
}
