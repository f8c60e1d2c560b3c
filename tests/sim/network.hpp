// A simulated network between devices and one model server: delay, lost requests, lost answers, a
// server that is down or says 500, 429 or 503. Every request gets exactly one answer, as the client's
// surroundings promise; nothing reaches the server after its answer or its timeout was given.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.hpp"
#include "sim/model_server.hpp"

namespace codeforge::sim {

class Network {
public:
    struct Delivery {
        int device = 0;
        sync::HttpResponse response;
    };

    void send(int device, const sync::HttpRequest& request, std::uint64_t now_ms, base::Random& random) {
        Flight flight{device, request, now_ms + 1 + random.next() % 80, Fate::answered, 0};
        const double dice = random.unit();
        if (dice < loss_rate) flight.fate = random.next() % 2 == 0 ? Fate::request_lost : Fate::answer_lost;
        else if (dice < loss_rate + trouble_rate) flight.fate = Fate::trouble;
        if (server_down) flight.fate = Fate::refused;
        const bool waits = flight.fate == Fate::request_lost || flight.fate == Fate::answer_lost;
        if (waits && random.next() % 2 == 0) flight.at_ms = now_ms + request.timeout_ms;
        flight.status = std::vector<int>{500, 429, 503}[random.next() % 3];
        flights_.push_back(std::move(flight));
    }

    std::optional<std::uint64_t> next_ms() const {
        const auto first = earliest();
        return first == flights_.end() ? std::nullopt : std::optional(first->at_ms);
    }

    /// Carries out the flight that is due first. Requires: there is one.
    Delivery deliver() {
        const auto first = earliest();
        const Flight flight = *first;
        flights_.erase(first);
        Delivery delivery{flight.device, {}};
        delivery.response.id = flight.request.id;
        if (flight.fate == Fate::answered || flight.fate == Fate::answer_lost) {
            ModelServer::Answer answer = carry_out(flight.device, flight.request, flight.at_ms);
            if (flight.fate == Fate::answer_lost) note_lost(flight.request);
            else acknowledged_.emplace_back(flight.device, flight.request);
            if (flight.fate == Fate::answered) delivery.response = {flight.request.id, sync::HttpResponse::Outcome::answered, answer.status, std::move(answer.body), ""};
        } else if (flight.fate == Fate::trouble) {
            delivery.response.outcome = sync::HttpResponse::Outcome::answered;
            delivery.response.status = flight.status;
            if (flight.status != 500) delivery.response.retry_after = "1";
        }
        const bool lost = flight.fate == Fate::request_lost || flight.fate == Fate::answer_lost;
        if (lost) delivery.response.outcome = flight.at_ms % 2 == 0 ? sync::HttpResponse::Outcome::failed : sync::HttpResponse::Outcome::timed_out;
        return delivery;
    }

    /// The device's process ends: each of its requests arrives now or never, and nobody hears the answer.
    void forget(int device, base::Random& random) {
        for (const Flight& flight : flights_) {
            if (flight.device != device || flight.fate == Fate::refused || flight.fate == Fate::trouble || random.next() % 2 == 0) continue;
            carry_out(device, flight.request, flight.at_ms);
            note_lost(flight.request);
        }
        // What it had heard may be forgotten too, when the commit that said so was not yet durable.
        for (const auto& [sender, request] : acknowledged_)
            if (sender == device) note_lost(request);
        std::erase_if(acknowledged_, [device](const auto& entry) { return entry.first == device; });
        std::erase_if(flights_, [device](const Flight& flight) { return flight.device == device; });
    }

    std::size_t in_flight(int device) const {
        return static_cast<std::size_t>(std::count_if(flights_.begin(), flights_.end(), [device](const Flight& f) { return f.device == device; }));
    }

    /// How often a value may have been stored without its sender knowing.
    int lost_answers(const std::pair<std::string, std::string>& key_and_value) const {
        const auto found = lost_.find(key_and_value);
        return found == lost_.end() ? 0 : found->second;
    }

    /// Values that a device overwrote without having seen them, because they came between its look at
    /// the server and its write. The plain protocol has no way to prevent that.
    std::vector<std::string> raced;

    ModelServer server;
    bool server_down = false;
    double loss_rate = 0;
    double trouble_rate = 0;

private:
    enum class Fate { answered, request_lost, answer_lost, trouble, refused };
    struct Flight {
        int device = 0;
        sync::HttpRequest request;
        std::uint64_t at_ms = 0;
        Fate fate = Fate::answered;
        int status = 0;
    };

    std::vector<Flight>::const_iterator earliest() const {
        return std::min_element(flights_.begin(), flights_.end(), [](const Flight& a, const Flight& b) {
            return std::tie(a.at_ms, a.device, a.request.id) < std::tie(b.at_ms, b.device, b.request.id);
        });
    }

    struct Look {
        std::optional<std::string> value;
        std::uint64_t at_ms = 0;
    };
    static constexpr std::uint64_t kLookMs = 60'000;  // an older look would be no excuse

    ModelServer::Answer carry_out(int device, const sync::HttpRequest& request, std::uint64_t at_ms) {
        const std::map<std::string, std::string> before = server.items;
        ModelServer::Answer answer = server.handle(request);
        if (request.method == "GET") {
            const std::string name = server.key_of(request);
            const bool all = name == "export";
            for (auto& [device_and_key, look] : looks_)
                if (all && device_and_key.first == device) look = {std::nullopt, at_ms};
            looks_[{device, name}] = {std::nullopt, at_ms};  // absent, unless it is among these:
            for (const auto& [key, value] : before)
                if (all || key == name) looks_[{device, key}] = {value, at_ms};
            return answer;
        }
        for (const auto& [key, value] : before) {
            const auto now = server.items.find(key);
            if (now != server.items.end() && now->second == value) continue;
            auto look = looks_.find({device, key});
            if (look == looks_.end()) look = looks_.find({device, "export"});
            if (look != looks_.end() && look->second.value != value && look->second.at_ms + kLookMs >= at_ms) raced.push_back(value);
        }
        for (const auto& [key, value] : server.items)
            if (const auto old = before.find(key); old == before.end() || old->second != value) looks_[{device, key}] = {value, at_ms};
        return answer;
    }

    /// What this request stored on the server, stored there without its sender hearing of it.
    void note_lost(const sync::HttpRequest& request) {
        if (request.method == "GET" || request.method == "DELETE" || request.body.empty()) return;
        ModelServer scratch;
        scratch.handle(request);
        for (const auto& [key_and_value, count] : scratch.stored) lost_[key_and_value] += count;
    }

    std::vector<Flight> flights_;
    std::vector<std::pair<int, sync::HttpRequest>> acknowledged_;  // writes, by device
    std::map<std::pair<std::string, std::string>, int> lost_;
    std::map<std::pair<int, std::string>, Look> looks_;  // what each device last saw or wrote
};

}  // namespace codeforge::sim
