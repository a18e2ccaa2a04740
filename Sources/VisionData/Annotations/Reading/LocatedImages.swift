import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// The images of a draft with the headers of their files.
struct LocatedImages {
  struct Item {
    var draft: DraftImage
    /// The path below the root.
    var name: String
    /// Nil if the file is missing and the annotation states a size.
    var info: ImageInfo?
  }

  private(set) var items: [Item] = []
  private(set) var skipped: [SkippedFile] = []

  /// Finds the files, puts together what several places say about one image, and reads the headers.
  init(_ draft: AnnotationDraft, notes: inout AnnotationNotes, threads: Int?) {
    let locator = ImageLocator(
      root: draft.root, names: draft.images.lazy.map(\.name), isRootAlone: draft.isElsewhere)
    var known: [String: Int] = [:]
    for var image in draft.images {
      switch locator.find(image) {
      case .file(let path): image.path = PathName.normalized(path)
      case .several(let paths):
        skipped.append(
          SkippedFile(
            path: image.name, code: DatasetError.Kind.annotations.rawValue,
            message: "several files may be meant: \(paths.prefix(4).joined(separator: ", "))"))
        continue
      case .missing:
        notes.add(.missingImages, at: image.name)
        guard image.size != nil else {
          skipped.append(SkippedFile(path: image.name, code: "missing", message: "no such image"))
          continue
        }
      }
      let name = image.path.map { PathName.relative($0, to: draft.root) } ?? image.name
      let key = image.path ?? "\u{0}\(image.part?.rawValue ?? "") \(name)"
      guard let index = known[key] else {
        known[key] = items.count
        items.append(Item(draft: image, name: name, info: nil))
        continue
      }
      Self.merge(image, into: &items[index].draft, name: name, &notes)
    }
    readHeaders(threads)
  }

  private static func merge(
    _ image: DraftImage, into other: inout DraftImage, name: String, _ notes: inout AnnotationNotes
  ) {
    if image.part != other.part {
      notes.add(.severalParts, at: name)
      return
    }
    notes.add(.repeatedImages, at: name)
    other.objects += image.objects
    other.size = other.size ?? image.size
  }

  private mutating func readHeaders(_ threads: Int?) {
    let paths = items.map(\.draft.path)
    let results = Locked([Result<ImageInfo, ImageError>?](repeating: nil, count: paths.count))
    Executor(threads: threads).forEach(count: paths.count) { index, _ in
      guard let path = paths[index] else { return }
      let result = Result { () throws(ImageError) in try ImageInfo(contentsOf: path) }
      results.withLock { $0[index] = result }
    }
    var kept: [Item] = []
    for (var item, result) in zip(items, results.withLock({ $0 })) {
      switch result {
      case .success(let info): item.info = info
      case .failure(let error):
        skipped.append(SkippedFile(path: item.draft.path ?? item.name, error))
        continue
      case nil: break
      }
      kept.append(item)
    }
    items = kept
  }
}
