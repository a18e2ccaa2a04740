import VisionSystem
import VisionTensor

/// Reads a table with a line a box: `image,label,x,y,width,height` and more columns.
///
/// Instead of `x,y,width,height` there may be `xmin,ymin,xmax,ymax`; then `width` and `height` are those of the
/// image. A line with an image alone says that nothing is in it.
struct BoxTableReader {
  private var draft: AnnotationDraft
  private let path: String
  private let columns: BoxTableColumns
  private var positions: [String: Int] = [:]

  static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    var draft = AnnotationDraft(root: source.root)
    for file in source.files {
      let text = try AnnotationSource.text(of: file.path, limit: AnnotationSource.maximumBytes)
      let bytes = Array(text.utf8)
      guard let separator = BoxTableColumns.separator(of: bytes) else {
        throw DatasetError(
          .annotations, "the first line is not image,label,x,y,width,height", place: "\(file.path), line 1")
      }
      let records = try DelimitedText(bytes, separator: separator, place: file.path).records
      guard let first = records.first, let columns = BoxTableColumns(first.fields) else { continue }
      var reader = BoxTableReader(draft: draft, path: file.path, columns: columns)
      for record in records.dropFirst() { try reader.add(record, file.part) }
      draft = reader.draft
    }
    return draft
  }

  private init(draft: AnnotationDraft, path: String, columns: BoxTableColumns) {
    (self.draft, self.path, self.columns) = (draft, path, columns)
  }

  private mutating func add(_ record: DelimitedText.Record, _ filePart: DataPart?) throws(DatasetError) {
    let place = "\(path), line \(record.line)"
    func cell(_ column: Int?) -> String {
      guard let column, column < record.fields.count else { return "" }
      return record.fields[column]
    }
    let name = cell(columns.image)
    guard !name.isEmpty else { throw DatasetError(.annotations, "the line has no image", place: place) }
    guard record.fields.count <= columns.count else {
      throw DatasetError(
        .annotations, "the line has \(record.fields.count) fields, more than the first one", place: place)
    }
    let split = cell(columns.split)
    let part = split.isEmpty ? filePart : DataPart(split)
    if !split.isEmpty, part == nil {
      throw DatasetError(
        .annotations, "'\(NearestNames.printable(split))' is no part: train, val or test", place: place)
    }
    let key = "\(part?.rawValue ?? "") \(name)"
    let index = positions[key] ?? draft.images.count
    if index == draft.images.count {
      positions[key] = index
      draft.images.append(DraftImage(name: name, source: path, part: part))
    }
    if let width = AnnotationNumber.parse(cell(columns.imageWidth)),
      let height = AnnotationNumber.parse(cell(columns.imageHeight))
    {
      draft.images[index].size = DraftImage.size(width, height)
    }
    let texts = columns.box.map { cell($0) }
    if cell(columns.label).isEmpty, texts.allSatisfy(\.isEmpty) { return }
    var object = try object(texts, label: cell(columns.label), record.line, place)
    for (column, mark) in columns.marks {
      guard let isSet = AnnotationNumber.mark(cell(column)) else {
        throw DatasetError(
          .annotations, "'\(NearestNames.printable(cell(column)))' is neither 0 nor 1", place: place)
      }
      if isSet { object.marks.insert(mark) }
    }
    let confidence = cell(columns.confidence)
    if !confidence.isEmpty {
      guard let value = AnnotationNumber.parse(confidence), (0...1).contains(value) else {
        throw DatasetError(
          .annotations, "the confidence '\(NearestNames.printable(confidence))' is not from 0 to 1",
          place: place)
      }
      object.confidence = value
    }
    let outline = cell(columns.polygons)
    if !outline.isEmpty { object.outline = .polygons(try Self.polygons(outline, place)) }
    draft.images[index].objects.append(object)
  }

  private mutating func object(_ texts: [String], label: String, _ line: Int, _ place: String)
    throws(DatasetError) -> DraftObject
  {
    var numbers: [Double] = []
    for text in texts {
      guard let number = AnnotationNumber.parse(text) else {
        throw DatasetError(
          .annotations, "'\(NearestNames.printable(text))' is no finite number", place: place)
      }
      numbers.append(number)
    }
    let size =
      columns.isByCorners
      ? (numbers[2] - numbers[0], numbers[3] - numbers[1]) : (numbers[2], numbers[3])
    return DraftObject(
      label: try draft.classes.position(of: label, place: place),
      box: Box(x: numbers[0], y: numbers[1], width: size.0, height: size.1), line: line)
  }

  /// Polygons as `x y x y x y; x y x y x y`.
  private static func polygons(_ text: String, _ place: String) throws(DatasetError) -> [[ImagePoint]] {
    var polygons: [[ImagePoint]] = []
    for part in text.split(separator: ";") {
      let numbers = part.split(separator: " ").map { AnnotationNumber.parse($0) }
      let known = numbers.compactMap(\.self)
      guard known.count == numbers.count, known.count >= 6, known.count.isMultiple(of: 2) else {
        throw DatasetError(.annotations, "the polygons are not 'x y x y x y; …'", place: place)
      }
      polygons.append(
        stride(from: 0, to: known.count, by: 2).map { ImagePoint(x: known[$0], y: known[$0 + 1]) })
    }
    return polygons
  }
}
