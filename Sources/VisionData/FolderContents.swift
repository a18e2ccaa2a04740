import VisionImage
import VisionSystem
import VisionTensor

/// The contents of a folder or a table of images before any split.
struct FolderContents {
  var labels: [String] = []
  var training: [LabeledImage] = []
  /// Nil if the data has no validation images.
  var validation: [LabeledImage]?
  var test: [LabeledImage] = []
  var skipped: [SkippedFile] = []
  var notes: [String] = []
  var warnings: [String] = []
  /// Images that a table lists more than once.
  var repeated: [RepeatedImage] = []

  private var litter = LitterCount()

  private typealias Class = (label: String, images: [ImageScan.Found])

  init() {}

  init(_ root: String) throws(DatasetError) {
    let layout = try FolderLayout(root)
    notes = layout.notes
    warnings = layout.warnings
    let above = Self.identities(root, layout.relative)
    if let parts = layout.parts {
      try readParts(layout, parts, above)
    } else {
      let classes = try classes(in: layout.base, relative: layout.relative, above: above)
      labels = classes.map(\.label)
      addClasses(classes, layout.relative)
    }
    try noteRest(root, layout)
    notes += litter.notes
  }

  /// The folders from the file system's root to `root` and on to `relative`; links below must not lead back
  /// to them.
  private static func identities(_ root: String, _ relative: String) -> Set<FileIdentity> {
    var (path, result) = (root, FileIdentity.line(to: root))
    for name in relative.split(separator: "/") {
      path += "/\(name)"
      if let identity = FileIdentity(path: path) { result.insert(identity) }
    }
    return result
  }

  private mutating func readParts(
    _ layout: FolderLayout, _ parts: [FolderLayout.Part], _ above: Set<FileIdentity>
  )
    throws(DatasetError)
  {
    for part in parts where part.part == .train {
      let classes = try classes(in: part.path, relative: part.relative, above: above)
      addLabels(of: classes)
      training += try matched(classes, part.path)
    }
    let isTrainingThere = parts.contains { $0.part == .train }
    for part in parts where part.part != .train {
      let classes = try classes(in: part.path, relative: part.relative, above: above)
      if !isTrainingThere { addLabels(of: classes) }
      let images = try matched(classes, part.path)
      if images.isEmpty {
        notes.append("\(part.relative): no images in class folders in it, ignored")
      } else if part.part == .val {
        validation = (validation ?? []) + images
      } else {
        test += images
      }
    }
    if !isTrainingThere, validation == nil { validation = [] }
  }

  /// Adds new classes; all labels are sorted by bytes.
  private mutating func addLabels(of classes: [Class]) {
    let all = Set((labels + classes.map(\.label)).map { Array($0.utf8) })
    guard all.count > labels.count else { return }
    let old = labels
    labels = all.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
    guard !old.isEmpty else { return }
    let moved = old.map { label in labels.firstIndex { $0.utf8.elementsEqual(label.utf8) } ?? 0 }
    func renumbered(_ images: [LabeledImage]) -> [LabeledImage] {
      images.map {
        LabeledImage(path: $0.path, relativePath: $0.relativePath, label: moved[$0.label])
      }
    }
    (training, validation, test) = (renumbered(training), validation.map(renumbered), renumbered(test))
  }

  /// The images with the classes known so far; any other class is an error.
  private func matched(_ classes: [Class], _ place: String) throws(DatasetError) -> [LabeledImage] {
    var result: [LabeledImage] = []
    for item in classes {
      guard let index = labels.firstIndex(where: { $0.utf8.elementsEqual(item.label.utf8) }) else {
        throw DatasetError(
          .classes, "the class '\(item.label)' is not in train", place: place,
          remedy: "use the same class folders everywhere")
      }
      result += Self.labeled(item.images, index)
    }
    return result
  }

  private static func labeled(_ images: [ImageScan.Found], _ label: Int) -> [LabeledImage] {
    images.map { LabeledImage(path: $0.path, relativePath: $0.relativePath, label: label) }
  }

  /// Recognizes split folders inside class folders, `cat/train` and `cat/test`, if every image is in one.
  private mutating func addClasses(_ classes: [Class], _ relative: String) {
    let depth = relative.isEmpty ? 0 : relative.utf8.count { $0 == UInt8(ascii: "/") } + 1
    func part(_ image: ImageScan.Found) -> DataPart? {
      let names = image.relativePath.split(separator: "/")
      return names.count > depth + 2 ? DataPart(String(names[depth + 1])) : nil
    }
    let parts = classes.map { $0.images.map(part) }
    let found = Set(parts.joined())
    guard found.contains(.train), found.count > 1, !found.contains(nil) else {
      for (index, item) in classes.enumerated() { training += Self.labeled(item.images, index) }
      let suspects = found.compactMap(\.self).sorted().map { "'\($0.rawValue)'" }
      if !suspects.isEmpty {
        warnings.append(
          "some class folders hold folders called like parts of the data (\(suspects.joined(separator: ", "))): their "
            + "images are taken as any of the class")
      }
      return
    }
    notes.append(
      "the folders inside the class folders are treated as parts of the data, such as \(example(classes))")
    var given: [LabeledImage] = []
    for (index, item) in classes.enumerated() {
      for (image, part) in zip(Self.labeled(item.images, index), parts[index]) {
        switch part {
        case .val?: given.append(image)
        case .test?: test.append(image)
        case .train?, nil: training.append(image)
        }
      }
    }
    if !given.isEmpty { validation = given }
  }

  private func example(_ classes: [Class]) -> String {
    classes.first?.images.first.map {
      $0.relativePath.split(separator: "/").dropLast().joined(separator: "/")
    } ?? ""
  }

  /// The class folders that contain images, in order; notes report everything else.
  private mutating func classes(in folder: String, relative: String, above: Set<FileIdentity>)
    throws(DatasetError) -> [Class]
  {
    var result: [Class] = []
    var loose = 0
    let above = FileIdentity(path: folder).map { above.union([$0]) } ?? above
    for entry in try FolderEntry.list(folder) {
      if entry.isLeftOut {
        if entry.isLitter { litter.add(entry) }
        continue
      }
      if entry.kind == .file {
        if entry.isImage(in: folder) { loose += 1 }
        continue
      }
      let path = relative.isEmpty ? entry.printableName : "\(relative)/\(entry.printableName)"
      guard let name = entry.name else {
        throw DatasetError(
          .name, "the name of a class folder is not UTF-8 text", place: "\(folder)/\(entry.printableName)",
          remedy: "rename the folder: its name becomes the label")
      }
      let scan = try ImageScan("\(folder)/\(name)", relative: path, above: above)
      skipped += scan.skipped
      litter.add(scan.litter)
      if scan.images.isEmpty {
        notes += scan.repeatedLinks.isEmpty ? ["\(path): no images in it, ignored"] : scan.notes
        continue
      }
      notes += scan.notes
      result.append((name, scan.images))
    }
    if loose > 0 {
      let place = relative.isEmpty ? folder : relative
      notes.append(
        "\(loose) \(loose == 1 ? "image" : "images") directly in \(place), in no class: ignored")
    }
    return result
  }

  /// Reports folders next to the split folders, and above the folder that contains the data.
  private mutating func noteRest(_ root: String, _ layout: FolderLayout) throws(DatasetError) {
    var (path, relative) = (root, "")
    let names = layout.relative.split(separator: "/").map(String.init)
    for (depth, next) in (names + [""]).enumerated() {
      let isBase = depth == names.count
      for entry in try FolderEntry.list(path) where entry.kind == .folder {
        let place = relative.isEmpty ? entry.printableName : "\(relative)/\(entry.printableName)"
        if entry.isLitter {
          // In the folder of the classes, it has already been counted.
          if !isBase || layout.parts != nil { litter.add(entry) }
        } else if entry.isHidden {
          notes.append("\(place): hidden, ignored")
        } else if !isBase {
          if entry.name != next { notes.append("\(place): no images in it, ignored") }
        } else if let parts = layout.parts {
          noteBesideParts(place, entry, parts, layout)
        }
      }
      path += "/\(next)"
      relative = relative.isEmpty ? next : "\(relative)/\(next)"
    }
  }

  private mutating func noteBesideParts(
    _ place: String, _ entry: FolderEntry, _ parts: [FolderLayout.Part], _ layout: FolderLayout
  ) {
    guard !parts.contains(where: { $0.relative == place || $0.relative.hasPrefix(place + "/") }) else {
      return
    }
    if let name = entry.name, DataPart(name) != nil {
      notes.append("\(place): no images in it, ignored")
      return
    }
    let holds = entry.name.map { layout.unused.contains($0) } == true
    notes.append("\(place): neither train, val nor test, ignored\(holds ? ", with the images in it" : "")")
  }
}
