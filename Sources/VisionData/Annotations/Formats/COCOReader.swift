import VisionSystem
import VisionTensor

/// Reads annotations of COCO: lists of images, categories and annotations, in any order.
struct COCOReader {
  /// What refers to something by an id that may come later.
  private struct Registry {
    private var positions: [String: Int] = [:]
    private(set) var ids: [String] = []

    mutating func position(of id: String) -> Int {
      if let known = positions[id] { return known }
      positions[id] = ids.count
      ids.append(id)
      return ids.count - 1
    }
  }

  private struct Category {
    let name: String
    let parent: String?
    let line: Int
  }

  private var draft: AnnotationDraft
  private let path: String
  private let part: DataPart?
  private var imageIDs = Registry()
  private var categoryIDs = Registry()
  private var images: [Int: DraftImage] = [:]
  private var categories: [Int: Category] = [:]
  /// The objects by the registered numbers of their images; their labels are registered numbers, too.
  private var objects: [Int: [DraftObject]] = [:]
  private var annotationIDs: Set<String> = []
  private var boxless = 0

  static func read(_ source: AnnotationSource) throws(DatasetError) -> AnnotationDraft {
    var draft = AnnotationDraft(root: source.root)
    draft.isOrdered = true
    for file in source.files {
      var reader = COCOReader(draft: draft, path: file.path, part: file.part)
      var json = try AnnotationSource.json(of: file.path, limit: AnnotationSource.maximumBytes)
      try reader.readFile(&json)
      try reader.finish()
      draft = reader.draft
    }
    return draft
  }

  private init(draft: AnnotationDraft, path: String, part: DataPart?) {
    (self.draft, self.path, self.part) = (draft, path, part)
  }

  private func place(_ line: Int) -> String { "\(path), line \(line)" }

  private mutating func readFile(_ json: inout JSONReader) throws(DatasetError) {
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "images": try each(&json) { reader, json throws(DatasetError) in try reader.image(&json) }
      case "categories": try each(&json) { reader, json throws(DatasetError) in try reader.category(&json) }
      case "annotations":
        try each(&json) { reader, json throws(DatasetError) in try reader.annotation(&json) }
      default: try json.skip()
      }
    }
    try json.finish()
  }

  private mutating func each(
    _ json: inout JSONReader, _ body: (inout COCOReader, inout JSONReader) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try json.enterArray()
    while try json.nextElement() { try body(&self, &json) }
  }

  private mutating func image(_ json: inout JSONReader) throws(DatasetError) {
    let line = json.line
    var (id, name, width, height) = (String?.none, String?.none, Double?.none, Double?.none)
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identifier()
      case "file_name": name = try json.string()
      case "width": width = try Self.optionalNumber(&json)
      case "height": height = try Self.optionalNumber(&json)
      default: try json.skip()
      }
    }
    guard let id, let name, !name.isEmpty else {
      throw DatasetError(.annotations, "an image has no id or no file_name", place: place(line))
    }
    var image = DraftImage(name: name, source: path, part: part)
    image.size = DraftImage.size(width, height)
    guard images.updateValue(image, forKey: imageIDs.position(of: id)) == nil else {
      throw DatasetError(
        .annotations, "two images have the id \(NearestNames.printable(id))", place: place(line))
    }
  }

  private mutating func category(_ json: inout JSONReader) throws(DatasetError) {
    let line = json.line
    var (id, name, parent) = (String?.none, String?.none, String?.none)
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "id": id = try json.identifier()
      case "name": name = try json.string()
      case "supercategory" where try json.kind() == .string: parent = try json.string()
      default: try json.skip()
      }
    }
    guard let id, let name else {
      throw DatasetError(.annotations, "a category has no id or no name", place: place(line))
    }
    let category = Category(name: name, parent: parent, line: line)
    guard categories.updateValue(category, forKey: categoryIDs.position(of: id)) == nil else {
      throw DatasetError(
        .annotations, "two categories have the id \(NearestNames.printable(id))", place: place(line))
    }
  }

  private mutating func annotation(_ json: inout JSONReader) throws(DatasetError) {
    let line = json.line
    var fields = COCOFields()
    let place = place(line)
    try fields.read(&json, &draft.notes, place: place)
    if let id = fields.id, !annotationIDs.insert(id).inserted {
      draft.notes.add(.unreadFields, detail: "id", at: place)
    }
    guard let image = fields.image, let category = fields.category else {
      guard fields.category == nil, fields.box == nil else {
        throw DatasetError(.annotations, "an annotation has no image_id or no category_id", place: place)
      }
      boxless += 1
      return
    }
    guard let box = fields.box ?? fields.outline?.box else {
      boxless += 1
      return
    }
    var object = DraftObject(label: categoryIDs.position(of: category), box: box, line: line)
    (object.outline, object.marks) = (fields.outline, fields.marks)
    object.confidence = fields.confidence
    if let area = fields.area, area > 0,
      abs(area - box.area) > max(AnnotationAssembly.tolerance, box.area * 1e-3)
    {
      object.statedArea = area
    }
    for attribute in fields.attributes { object.add(attribute.name, attribute.value) }
    objects[imageIDs.position(of: image), default: []].append(object)
  }

  static func optionalNumber(_ json: inout JSONReader) throws(DatasetError) -> Double? {
    if try json.kind() == .null {
      try json.skip()
      return nil
    }
    return try json.number()
  }

  /// Joins what refers to each other, and checks that nothing refers to what is not there.
  private mutating func finish() throws(DatasetError) {
    guard !objects.isEmpty || boxless == 0 else {
      throw DatasetError(
        .annotations, "the annotations have no boxes", place: path,
        remedy: "give the file of instances, not that of captions or segments")
    }
    let (path, positions) = (path, try defineClasses())
    draft.notes.add(.empty, count: boxless, at: path)
    for number in objects.keys.sorted() {
      var list = objects[number] ?? []
      for index in list.indices {
        guard let position = positions[list[index].label] else { throw unknown(list[index]) }
        list[index].label = position
      }
      guard images[number] != nil else {
        draft.notes.add(.unknownImages, count: list.count, at: "\(path), line \(list[0].line)")
        continue
      }
      images[number]?.objects = list
    }
    // In the order of the file.
    draft.images += images.sorted { $0.key < $1.key }.map(\.value)
  }

  private func unknown(_ object: DraftObject) -> DatasetError {
    let id = categoryIDs.ids[object.label]
    let known = categories.keys.compactMap { Int(categoryIDs.ids[$0]) }
    let isShifted = Int(id).map { $0 == 0 && known.min() == 1 || $0 - 1 == known.max() && known.min() == 0 }
    return DatasetError(
      .annotations, "no category has the id \(NearestNames.printable(id))", place: place(object.line),
      remedy: isShifted == true
        ? "the ids of annotations and categories seem to be off by one"
        : "add the category, or correct the id")
  }

  /// The positions of the registered categories in the order of their ids.
  private mutating func defineClasses() throws(DatasetError) -> [Int: Int] {
    var used = Set<Int>()
    for objects in objects.values { for object in objects { used.insert(object.label) } }
    var order = Array(categories.keys)
    let numbers = Dictionary(uniqueKeysWithValues: order.map { ($0, Int(categoryIDs.ids[$0])) })
    let areNumbers = numbers.values.allSatisfy { $0 != nil }
    order.sort { areNumbers ? (numbers[$0] ?? 0) ?? 0 < (numbers[$1] ?? 0) ?? 0 : $0 < $1 }
    let parents = Set(categories.values.compactMap(\.parent))
    var names: Set<String> = []
    var positions: [Int: Int] = [:]
    for number in order {
      guard let category = categories[number] else { continue }
      // Roboflow adds a category for the whole set, which no box has, and calls it as it likes.
      let isRoot = category.parent == "none" && parents.contains(category.name) && categories.count > 1
      if isRoot, !used.contains(number) {
        draft.notes.add(.rootCategory, detail: category.name, at: nil)
        continue
      }
      guard names.insert(category.name).inserted else {
        throw DatasetError(
          .annotations, "two categories have the name '\(NearestNames.printable(category.name))'",
          place: place(category.line), remedy: "give them different names, or one id")
      }
      let place = place(category.line)
      positions[number] = try draft.classes.position(of: category.name, place: place)
    }
    return positions
  }
}
