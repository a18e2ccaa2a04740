import VisionCompute
import VisionImage
import VisionModel
import VisionSystem

/// Creates the folder of a dataset from its files.
struct DatasetWriter {
  let dataset: PublicDataset
  /// The folder, which must not exist yet.
  let folder: String
  let executor: Executor
  let isCancelled: () -> Bool
  let progress: (PullProgress) -> Void

  /// The maximum decompressed size of a file in bytes.
  private static let limit = 256 << 20

  /// - Throws: `corrupt` for invalid files; `interrupted`, `noSpace`, `notWritable`, `io`.
  func write(_ files: [ByteRange]) throws(StoreError) {
    try CacheFolder.make(folder)
    switch dataset.form {
    case .shapes: try drawShapes()
    case .arrays: try writeImages(format { () throws(FormatError) in try arrays(files) })
    case .digits(let testEvery):
      try writeImages(
        format { () throws(FormatError) in
          let parts = try DigitTable.read(Gzip.unpack(files[0], limit: Self.limit), testEvery: testEvery)
          return [parts.train, parts.test]
        })
    case .table(let titles): try writeTable(files[0], titles)
    }
  }

  private func arrays(_ files: [ByteRange]) throws(FormatError) -> [LabeledPixels] {
    var result: [LabeledPixels] = []
    for index in dataset.splits.indices {
      result.append(
        try LabeledPixels(
          images: IDXArray(Gzip.unpack(files[2 * index], limit: Self.limit)),
          labels: IDXArray(Gzip.unpack(files[2 * index + 1], limit: Self.limit)),
          classes: dataset.classes.count))
    }
    return result
  }

  private func writeImages(_ parts: [LabeledPixels]) throws(StoreError) {
    for (split, part) in zip(dataset.splits, parts) where part.labels.count != split.count {
      throw StoreError(
        .corrupt, "\(split.name) has \(part.labels.count) images and not \(split.count)",
        place: dataset.name)
    }
    var done = 0
    for (split, part) in zip(dataset.splits, parts) {
      let bytes = part.width * part.height
      try part.pixels.withUnsafeBytes { (bytesOfAll) throws(StoreError) in
        // The pixels are only read.
        nonisolated(unsafe) let pixels = bytesOfAll
        try folders(split).write(count: split.count, progress: report(done)) { (index) throws(ImageError) in
          let image = UnsafeRawBufferPointer(rebasing: pixels[(index * bytes)..<((index + 1) * bytes)])
          let png = try GrayPNG.data(width: part.width, height: part.height, image)
          return (part.labels[index], part.numbers[index], png)
        }
      }
      done += split.count
    }
  }

  private func drawShapes() throws(StoreError) {
    guard case .generated(let seed) = dataset.source else { return }
    let painter = ShapePainter(seed: seed)
    let classes = dataset.classes.count
    var done = 0
    for (index, split) in dataset.splits.enumerated() {
      try folders(split).write(count: split.count, progress: report(done)) { (number) throws(ImageError) in
        (number % classes, number, try painter.image(number, split: index).pngData())
      }
      done += split.count
    }
  }

  private func writeTable(_ file: ByteRange, _ titles: String?) throws(StoreError) {
    progress(.converting)
    let bytes: [UInt8] = try format { () throws(FormatError) in
      guard let titles else { return file.array }
      let plain = try Gzip.unpack(file, limit: Self.limit)
      return [UInt8](try TitledTable.text(plain, titles: titles, classes: dataset.classes).utf8)
    }
    let path = "\(folder)/\(dataset.splits[0].name).csv"
    let number = PlainFile.write(bytes, to: path)
    if number != 0 { throw CacheFolder.failure(number, path) }
  }

  private func folders(_ split: PublicDataset.Split) -> ClassFolders {
    ClassFolders(
      folder: "\(folder)/\(split.name)", classes: dataset.classes, executor: executor,
      isCancelled: isCancelled)
  }

  private func report(_ before: Int) -> (Int) -> Void {
    { progress(.writing(images: before + $0, of: dataset.count)) }
  }

  private func format<Result>(_ body: () throws(FormatError) -> Result) throws(StoreError) -> Result {
    do { return try body() } catch { throw DatasetFiles.refusal(error, error.file ?? dataset.name) }
  }
}
