import Model
import Testing
import Wire

@testable import Node

@Suite("Budgets of other hosts")
struct BudgetTests {
    @Test("many who ask at once cause one question, and what was told is kept for a while")
    func once() async {
        var asked: [String] = []
        let budgets = HostBudgets { asked.append($0) }
        let budget = Proto.HostBudget(host: "h", concurrency: 3)
        var answers: [Proto.HostBudget?] = []
        for _ in 0..<2 {
            answers.append(
                await withCheckedContinuation { first in
                    budgets.wait(for: "h", first)
                    budgets.told(budget, of: "h", now: .zero)
                })
        }
        #expect(answers == [budget, budget])
        #expect(budgets.budget(of: "h", now: .zero) == .some(budget))
        #expect(budgets.budget(of: "h", now: .zero + HostBudgets.kept) == nil)
        #expect(asked == ["h", "h"])
    }

    @Test("what nobody could tell is asked again the next time, and nobody waits after the end")
    func unknown() async {
        let budgets = HostBudgets { _ in }
        let none = await withCheckedContinuation { continuation in
            budgets.wait(for: "h", continuation)
            budgets.told(nil, of: "h", now: .zero)
        }
        #expect(none == nil)
        #expect(budgets.budget(of: "h", now: .zero) == nil)
        let closed = await withCheckedContinuation { continuation in
            budgets.wait(for: "h", continuation)
            budgets.close()
        }
        #expect(closed == nil)
    }
}
