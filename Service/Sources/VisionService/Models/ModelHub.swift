import NIOConcurrencyHelpers
import NIOPosix
import VisionServing
import VisionStore
import VisionSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The models of a service by name: read when they are needed, exchanged when their files change, and put away, those first
/// that were not asked for the longest, where they do not fit the memory limit.
final class ModelHub: Sendable {
  private struct Entry {
    let source: ModelSource
    var task: ServedTask?
    var loaded: ServedModel?
    var stamp: FileStatus?
    /// The status of a file that was seen to have changed, and is waited for to be the same twice.
    var changing: FileStatus?
    var loading: Task<ServedModel, any Error>?
    var lastUse = 0
  }

  private struct State {
    var entries: [Entry]
    var uses = 0
  }

  /// What is known of a model without reading it.
  struct Listing: Sendable {
    let name: String
    let task: ServedTask?
    let loaded: ServedModel?
    /// Whether a report of its training lies beside it.
    let hasReport: Bool
  }

  private let state: NIOLockedValueBox<State>
  private let settings: ServiceSettings
  private let metrics: ServiceMetrics
  /// Reading takes a while: it has a thread of its own.
  private let thread = NIOThreadPool(numberOfThreads: 1)

  init(_ settings: ServiceSettings, metrics: ServiceMetrics) {
    (self.settings, self.metrics) = (settings, metrics)
    state = NIOLockedValueBox(State(entries: settings.models.map { Entry(source: $0, task: $0.task) }))
    thread.start()
  }

  var listings: [Listing] {
    state.withLockedValue { state in
      state.entries.map {
        Listing(
          name: $0.source.name, task: $0.task, loaded: $0.loaded, hasReport: $0.source.reportPath != nil)
      }
    }
  }

  /// Reads the models whose tasks are not known without.
  ///
  /// - Throws: a `VisionError` of a file that is no model.
  func prepare() async throws {
    for listing in listings where listing.task == nil { _ = try await model(named: listing.name) }
  }

  func stop() async { try? await thread.shutdownGracefully() }

  /// The model that a request means: the named one, or the first for the task.
  ///
  /// - Throws: `unknownModel`, `memory`, and the errors of reading it.
  func model(named name: String?, for task: ServedTask) async throws -> ServedModel {
    guard let name else {
      guard let first = listings.first(where: { $0.task == task }) else {
        throw ServiceError(
          .unknownModel, "no model is served for \(task.rawValue)", remedy: "start the service with -m MODEL")
      }
      return try await model(named: first.name)
    }
    let model = try await model(named: name)
    guard model.task == task else {
      throw ServiceError(
        .unknownModel, "the model '\(name)' is for \(model.task.rawValue), not for \(task.rawValue)",
        remedy: "POST to /v1/\(model.task.verb)")
    }
    return model
  }

  /// - Throws: `unknownModel`, `memory`, and the errors of reading it.
  func model(named name: String) async throws -> ServedModel {
    enum Found {
      case loaded(ServedModel)
      case loading(Task<ServedModel, any Error>)
      case unknown([String])
    }
    let found: Found = state.withLockedValue { state in
      guard let index = state.entries.firstIndex(where: { $0.source.name == name }) else {
        return .unknown(state.entries.map(\.source.name))
      }
      state.uses += 1
      state.entries[index].lastUse = state.uses
      if let model = state.entries[index].loaded { return .loaded(model) }
      if let task = state.entries[index].loading { return .loading(task) }
      let source = state.entries[index].source
      let task = Task { try await self.load(source) }
      state.entries[index].loading = task
      return .loading(task)
    }
    switch found {
    case .loaded(let model): return model
    case .loading(let task): return try await task.value
    case .unknown(let names):
      throw ServiceError(
        .unknownModel, "no model '\(name)' is served", remedy: "served are \(names.joined(separator: ", "))")
    }
  }

  /// The page of a model's training.
  ///
  /// - Throws: `unknownModel`, `unknownRoute` where the model has none, and errors of reading the file.
  func report(of name: String) async throws -> [UInt8] {
    let sources = state.withLockedValue { $0.entries.map(\.source) }
    guard let source = sources.first(where: { $0.name == name }) else {
      throw ServiceError(.unknownModel, "no model '\(name)' is served")
    }
    guard let path = source.reportPath else {
      throw ServiceError(
        .unknownRoute, "no report lies beside the model '\(name)'", remedy: "serve the folder of its run")
    }
    return try await thread.runIfActive {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw ServiceError(.unknownRoute, "the report of the model '\(name)' is gone")
      }
      return Array(data)
    }
  }

  /// Reads a model, and makes it that of its name.
  private func load(_ source: ModelSource) async throws -> ServedModel {
    do {
      let (model, stamp) = try await read(source)
      try place(model, stamp, of: source)
      return model
    } catch {
      state.withLockedValue { state in
        for index in state.entries.indices where state.entries[index].source == source {
          state.entries[index].loading = nil
        }
      }
      throw error
    }
  }

  private func read(_ source: ModelSource) async throws -> (ServedModel, FileStatus?) {
    let (threads, offline) = (settings.threads, settings.offline)
    return try await thread.runIfActive {
      let path = Self.file(try PretrainedStore.standard().resolve(source.location, offline: offline))
      let stamp = FileStatus(path)
      return (try ServedModel(name: source.name, contentsOf: path, threads: threads), stamp)
    }
  }

  private func place(_ model: ServedModel, _ stamp: FileStatus?, of source: ModelSource) throws(ServiceError)
  {
    let limit = settings.memory
    if let limit, model.byteCount > limit {
      throw ServiceError(
        .memory,
        "the model '\(model.name)' takes \(model.byteCount) bytes, and all models together may take \(limit)",
        remedy: "raise --memory-limit")
    }
    let freed: [String] = state.withLockedValue { state in
      for index in state.entries.indices where state.entries[index].source == source {
        state.entries[index].loaded = model
        state.entries[index].task = model.task
        state.entries[index].stamp = stamp
        state.entries[index].changing = nil
        state.entries[index].loading = nil
      }
      guard let limit else { return [] }
      var names: [String] = []
      func total() -> Int { state.entries.reduce(0) { $0 + ($1.loaded?.byteCount ?? 0) } }
      while total() > limit {
        let others = state.entries.indices.filter {
          state.entries[$0].loaded != nil && state.entries[$0].source != source
        }
        guard let oldest = others.min(by: { state.entries[$0].lastUse < state.entries[$1].lastUse }) else {
          break
        }
        state.entries[oldest].loaded = nil
        names.append(state.entries[oldest].source.name)
      }
      return names
    }
    metrics.loaded(model, puttingAway: freed)
  }

  /// Looks at the files of the models that are read, and exchanges those that have changed and are whole: a file must have been
  /// the same at two looks. Requests that have begun keep their model; one that cannot be read leaves the old one in place.
  func reload(_ report: (String) -> Void) async {
    let loaded = state.withLockedValue { state in state.entries.filter { $0.loaded != nil } }
    for entry in loaded {
      guard let path = try? await path(of: entry.source), let now = FileStatus(path), now != entry.stamp
      else {
        continue
      }
      let isSettled = state.withLockedValue { state in
        guard let index = state.entries.firstIndex(where: { $0.source == entry.source }) else { return false }
        defer { state.entries[index].changing = now }
        return state.entries[index].changing == now
      }
      guard isSettled else { continue }
      do {
        let (model, stamp) = try await read(entry.source)
        if model.version == entry.loaded?.version {
          remember(stamp, of: entry.source)
          continue
        }
        try place(model, stamp, of: entry.source)
        metrics.reloaded(model.name, failed: false)
        report("\(model.name): version \(model.version) instead of \(entry.loaded?.version ?? "none")")
      } catch {
        // Until the file changes again.
        remember(now, of: entry.source)
        metrics.reloaded(entry.source.name, failed: true)
        report("\(entry.source.name): the changed file is not used: \(error)")
      }
    }
  }

  private func remember(_ stamp: FileStatus?, of source: ModelSource) {
    state.withLockedValue { state in
      guard let index = state.entries.firstIndex(where: { $0.source == source }) else { return }
      (state.entries[index].stamp, state.entries[index].changing) = (stamp, nil)
    }
  }

  private func path(of source: ModelSource) async throws -> String {
    try await thread.runIfActive {
      Self.file(try PretrainedStore.standard().resolve(source.location, offline: true))
    }
  }

  /// The model in the folder of a run; other paths as they are.
  private static func file(_ path: String) -> String {
    FileStatus.isFolder(path) ? "\(path)/model.onnx" : path
  }
}
