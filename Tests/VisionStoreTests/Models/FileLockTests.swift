import Testing

@testable import VisionStore

@Suite struct FileLockTests {
  @Test func theSecondWaitsForTheFirst() async throws {
    let sandbox = try StoreSandbox()
    let path = "\(sandbox.root)/lock"
    var first: FileLock? = try FileLock(path) {}
    #expect(first?.isHeld == true)
    let (waiting, continuation) = AsyncStream<Void>.makeStream()
    async let second = onAThread { try FileLock(path) { continuation.yield() } }
    var iterator = waiting.makeAsyncIterator()
    await iterator.next()
    first = nil
    #expect(try await second.isHeld)
  }

  @Test func aLockThatCannotBeMadeIsNotWritable() throws {
    let error = storeError { _ = try FileLock("/nonexistent/visionnet/lock") {} }
    #expect(error?.kind == .notWritable)
  }
}
