import VisionImage
import VisionSystem
import VisionTensor

/// Reads annotations of YOLO: `data.yaml` or a list of names, and a text file beside each image, or in `labels`
/// where the image is in `images`.
struct YOLOReader {
  private var draft: AnnotationDraft
  private let source: String
  /// Further folders with labels, laid out as the images are below the root; where annotations lie elsewhere.
  private let labelFolders: [String]
  /// The positions of classes by their ids.
  private var positions: [Int: Int] = [:]
  private let keypointColumns: Int
  private var outOfRange: (id: Int, place: String)?
  /// The ids of all rows.
  private var ids: Set<Int> = []
  /// The label files that were read.
  private var used: Set<String> = []

  static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    guard let file = source.files.first else { return AnnotationDraft(root: source.root) }
    let isYAML = ["yaml", "yml"].contains(PathName.ending(file.path))
    let names: [(id: Int, name: String)]
    let found: YOLOImages
    var keypoints = 0
    if isYAML {
      let configuration = try YOLOConfiguration(contentsOf: file.path)
      (names, keypoints) = (configuration.names, configuration.keypointColumns)
      found = try YOLOImages(
        configuration, at: file.path, elsewhere: source.isElsewhere ? source.root : nil)
    } else {
      names = try Self.names(file.path)
      found = try YOLOImages(below: source.root)
    }
    var reader = try YOLOReader(source, file.path, names, keypoints)
    reader.draft.notes = found.notes
    reader.draft.skipped = found.skipped
    for image in found.images { try reader.add(image.path, image.part) }
    try reader.checkIDs()
    reader.noteOrphans()
    return reader.draft
  }

  /// A name a line.
  private static func names(_ path: String) throws(DatasetError) -> [(id: Int, name: String)] {
    let text = try AnnotationSource.text(of: path, limit: AnnotationSource.maximumConfigurationBytes)
    return text.split(whereSeparator: \.isNewline).map { XMLReader.trimmed(String($0)) }
      .filter { !$0.isEmpty }.enumerated().map { ($0, $1) }
  }

  private init(
    _ source: AnnotationSource, _ file: String, _ names: [(id: Int, name: String)], _ keypoints: Int
  )
    throws(DatasetError)
  {
    self.source = file
    labelFolders = source.isElsewhere ? ["\(source.folder)/labels", source.folder] : []
    keypointColumns = keypoints
    draft = AnnotationDraft(root: source.root)
    draft.unit = .sides
    draft.isOrdered = true
    for (id, name) in names { positions[id] = try draft.classes.define(name, place: file) }
  }

  private mutating func add(_ path: String, _ part: DataPart?) throws(DatasetError) {
    var image = DraftImage(name: PathName.relative(path, to: draft.root), source: path, part: part)
    image.path = path
    guard FolderEntry.kind(of: path) == .file else {
      draft.skipped.append(SkippedFile(path: path, code: "missing", message: "no such image"))
      return
    }
    let labels = (elsewhere(image.name) + Self.labels(of: path)).first { FolderEntry.kind(of: $0) == .file }
    guard let labels else {
      draft.notes.add(.unlabeledImages, at: image.name)
      return
    }
    image.source = labels
    used.insert(labels)
    let text = try AnnotationSource.text(of: labels, limit: AnnotationSource.maximumBytesPerImage)
    try read(text, &image)
    draft.images.append(image)
  }

  /// Where the labels of an image may be in other folders than its own.
  private func elsewhere(_ name: String) -> [String] {
    let parts = PathName.components("\(PathName.stem(name)).txt")
    let short = parts.first == "images" ? Array(parts.dropFirst()) : parts
    return labelFolders.map { "\($0)/\(short.joined(separator: "/"))" }
  }

  /// Where the labels of an image may be, the likeliest first.
  private static func labels(of image: String) -> [String] {
    let beside = "\(PathName.stem(image)).txt"
    var parts = PathName.components(beside)
    guard let index = parts.dropLast().lastIndex(of: "images") else { return [beside] }
    parts[index] = "labels"
    return [(beside.utf8.first == UInt8(ascii: "/") ? "/" : "") + parts.joined(separator: "/"), beside]
  }

  private mutating func read(_ text: String, _ image: inout DraftImage) throws(DatasetError) {
    var (boxes, polygons, line) = (0, 0, 0)
    for row in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      line += 1
      let fields = row.split { $0 == " " || $0 == "\t" }
      guard !fields.isEmpty else { continue }
      let place = "\(image.source), line \(line)"
      var numbers: [Double] = []
      for field in fields {
        guard let number = AnnotationNumber.parse(field) else {
          throw DatasetError(
            .annotations, "'\(NearestNames.printable(String(field)))' is no finite number", place: place)
        }
        numbers.append(number)
      }
      guard let id = Int(exactly: numbers[0]), fields.count >= 5 else {
        throw DatasetError(
          .annotations, "the line is not 'class x y width height' or 'class x y x y x y …'", place: place)
      }
      guard numbers.dropFirst().allSatisfy({ abs($0) <= 10 }) else {
        throw DatasetError(
          .annotations, "the numbers are pixels, where parts of the image's sides are wanted", place: place,
          remedy: "divide x and width by the image's width, y and height by its height")
      }
      guard let label = positions[id] else {
        outOfRange = outOfRange ?? (id, place)
        ids.insert(id)
        continue
      }
      ids.insert(id)
      let object = try object(numbers, label, line, place)
      if object.outline == nil { boxes += 1 } else { polygons += 1 }
      image.objects.append(object)
    }
    if boxes > 0, polygons > 0 { draft.notes.add(.mixedRows, at: image.source) }
  }

  private mutating func object(_ row: [Double], _ label: Int, _ line: Int, _ place: String)
    throws(DatasetError) -> DraftObject
  {
    var confidence: Double?
    let isPose = keypointColumns > 0 && row.count == 5 + keypointColumns
    if isPose { draft.notes.add(.keypoints, at: place) }
    var object: DraftObject
    if row.count <= 6 || isPose {
      if row.count == 6 { confidence = row[5] }
      object = DraftObject(
        label: label,
        box: Box(x: row[1] - row[3] / 2, y: row[2] - row[4] / 2, width: row[3], height: row[4]), line: line)
    } else {
      // With an even number of fields, the last one is a confidence.
      if row.count.isMultiple(of: 2) { confidence = row[row.count - 1] }
      let points = stride(from: 1, to: row.count - 1, by: 2).map { ImagePoint(x: row[$0], y: row[$0 + 1]) }
      object = DraftObject(label: label, polygon: points, line: line)
    }
    if let confidence {
      guard (0...1).contains(confidence) else {
        throw DatasetError(.annotations, "the confidence \(confidence) is not from 0 to 1", place: place)
      }
      object.confidence = confidence
    }
    return object
  }

  private mutating func checkIDs() throws(DatasetError) {
    let count = positions.count
    if let outOfRange {
      let isFromOne = ids.min() == 1 && ids.max() == count && positions[count] == nil
      throw DatasetError(
        .annotations,
        "there is no class with the id \(outOfRange.id): \(PathName.last(source)) names \(count) "
          + "\(count == 1 ? "class" : "classes"), from \(positions.keys.min() ?? 0) to \(positions.keys.max() ?? 0)",
        place: outOfRange.place,
        remedy: isFromOne
          ? "the ids are counted from 1: subtract 1 from each" : "correct the id, or add the class's name")
    }
    let names = draft.classes.names
    if names.count > 1, ids.count == names.count - 1, !ids.contains(0), positions[0] != nil {
      draft.notes.add(.firstClassUnused, detail: names[0], at: nil)
    }
  }

  /// Notes label files without an image.
  private mutating func noteOrphans() {
    let folders = Set(used.map { POSIX.directory(of: $0) })
    for folder in folders.sorted() where folder.hasSuffix("/labels") || folder.contains("/labels/") {
      for name in POSIX.names(in: folder) ?? []
      where name.hasSuffix(".txt") && name != "classes.txt" && !used.contains("\(folder)/\(name)") {
        draft.notes.add(.missingImages, at: "\(folder)/\(name)")
      }
    }
  }
}
