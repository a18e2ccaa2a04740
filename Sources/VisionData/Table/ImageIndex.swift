/// The image files below a folder by name, with and without extension, ignoring case.
struct ImageIndex {
  /// The maximum number of entries that are indexed.
  private static let limit = 1_000_000

  private var names: [String: [[Substring]]] = [:]
  private var stems: [String: [[Substring]]] = [:]

  init(below folder: String) {
    var seen = FileIdentity.line(to: folder)
    var (queue, next, count) = ([(folder, [Substring]())], 0, 0)
    while next < queue.count {
      let (path, components) = queue[next]
      next += 1
      for entry in (try? FolderEntry.list(path)) ?? [] where !entry.isLeftOut {
        guard let name = entry.name, count < Self.limit else { continue }
        count += 1
        if entry.kind == .folder {
          if entry.isLink, FileIdentity.isCircle("\(path)/\(name)", entry.identity) { continue }
          guard components.count < 16, let identity = entry.identity, seen.insert(identity).inserted else {
            continue
          }
          queue.append(("\(path)/\(name)", components + [Substring(name)]))
        } else if entry.isImage(in: path) {
          let file = components + [Substring(name)]
          names[name.lowercased(), default: []].append(file)
          let stem = Self.stem(name)
          if !stem.isEmpty { stems[stem.lowercased(), default: []].append(file) }
        }
      }
    }
  }

  /// The name without its extension.
  private static func stem(_ name: String) -> String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
  }

  /// The paths, as components, that end with `components`, whose last one may lack the extension; only paths
  /// in the same case if there are any.
  func files(endingWith components: ArraySlice<Substring>) -> [[Substring]] {
    guard let last = components.last, !last.isEmpty else { return [] }
    let key = last.lowercased()
    for candidates in [names[key] ?? [], stems[key] ?? []] {
      let matching = candidates.filter { Self.matches($0, components) { $0.lowercased() == $1.lowercased() } }
      let exact = matching.filter { Self.matches($0, components) { $0 == $1 } }
      if !matching.isEmpty { return exact.isEmpty ? matching : exact }
    }
    return []
  }

  private static func matches(
    _ file: [Substring], _ components: ArraySlice<Substring>, _ isSame: (Substring, Substring) -> Bool
  ) -> Bool {
    guard file.count >= components.count, let name = file.last, let last = components.last else {
      return false
    }
    guard isSame(name, last) || isSame(Substring(stem(String(name))), last) else { return false }
    return zip(file.dropLast().reversed(), components.dropLast().reversed()).allSatisfy(isSame)
  }
}
